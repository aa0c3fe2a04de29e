import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type ExitCode, Problem } from '../problem.ts';
import type { Secret } from '../secrets/secret.ts';
import { stateDirectory } from '../state-directory.ts';
import type { CourierParts } from '../store/courier.ts';
import { STORE, type StoredRun, storeSecret, type TeamStore } from '../store/team-store.ts';
import { journalOf, listRuns } from './runs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Connects to the store that `TEJUN_STORE` names. pg is loaded here. */
export async function openStore(secret: Secret): Promise<TeamStore> {
  const { TeamStore } = await import('../store/team-store.ts');
  const exec = async () => {
    throw new Problem({ code: 'store-private', what: `${STORE} names a host of a private network.` });
  };
  return TeamStore.open({ exec, signal: new AbortController().signal }, secret);
}

/** What a courier of this run needs, and the secret to keep out of everything; undefined when the team has no store. */
export function courierOf(
  env: Env,
  run: string,
  path: string,
): (Omit<CourierParts, 'refused'> & { secret: Secret }) | undefined {
  const secret = storeSecret(env);
  return secret && { secret, run, path, connect: () => openStore(secret) };
}

/** `tejun store init`: makes the tables and the grants. */
export async function initStore(env: Env): Promise<string> {
  await withStore(env, (store) => store.init());
  return 'The store is ready. Make a login for the team and let it in: grant tejun_writer to LOGIN;\n';
}

/** `tejun store push`: sends what the runs of this host have and the store has not. Rehearsals stay here. */
export async function pushRuns(env: Env): Promise<{ text: string; exit: ExitCode }> {
  const { deliver } = await import('../store/courier.ts');
  return withStore(env, async (store) => {
    const lines: string[] = [];
    let exit: ExitCode = EXIT.done;
    for (const { run, journal, rehearsal, state } of listRuns(env).reverse()) {
      if (rehearsal || state === 'unreadable') continue;
      try {
        lines.push(`${run}  ${await deliver(store, run, journal)} records`);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'store-refused') throw error;
        exit = EXIT.journal;
        lines.push(`${run}  ${error.what}`);
      }
    }
    return { text: lines.map((line) => `${line}\n`).join(''), exit };
  });
}

/** The runs of the team, newest first, whichever host they were walked on. */
export function teamRuns(env: Env, limit: number): Promise<StoredRun[]> {
  return withStore(env, (store) => store.runs(limit));
}

/** Runs of the team as text, one a run. */
export function formatTeamRuns(runs: readonly StoredRun[]): string {
  if (runs.length === 0) return 'The store has no runs yet.';
  return runs
    .map(({ run, environment, title, operator, host, startedAt, outcome, records }) =>
      [
        `${run}  ${environment}  ${title}`,
        `${operator} on ${host}, ${startedAt}, ${outcome ?? 'not sealed'}, ${records} records`,
      ].join('\n  '),
    )
    .join('\n');
}

/**
 * The journal that a person means: a file, a run on this host, or a run of the team's store. The last is written beside
 * the state, byte for byte as its host sent it, so that whatever reads a journal reads it too.
 */
export async function journalAnywhere(env: Env, fileOrRun: string): Promise<string> {
  const here = journalOf(env, fileOrRun);
  if (here !== fileOrRun || !/^[\w-]+$/.test(fileOrRun) || !storeSecret(env)) return here;
  return withStore(env, async (store) => {
    const lines: string[] = [];
    for await (const line of store.journal(fileOrRun)) lines.push(line);
    if (lines.length === 0) return fileOrRun;
    const directory = join(stateDirectory(env), 'from-store');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, `${fileOrRun}.jsonl`);
    writeFileSync(file, lines.join(''), { mode: 0o600 });
    return file;
  });
}

async function withStore<T>(env: Env, use: (store: TeamStore) => Promise<T>): Promise<T> {
  const secret = storeSecret(env);
  if (!secret) {
    const next = [`export ${STORE}=postgres://USER:PASSWORD@HOST/DATABASE`];
    throw new Problem({ code: 'no-store', what: `${STORE} is not set: there is no store of the team here.`, next });
  }
  const store = await openStore(secret);
  try {
    return await use(store);
  } finally {
    await store.end();
  }
}
