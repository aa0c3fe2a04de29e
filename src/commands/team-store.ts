import { EXIT, type ExitCode, Problem } from '../problem.ts';
import type { Secret } from '../secrets/secret.ts';
import type { CourierParts } from '../store/courier.ts';
import { STORE, storeSecret } from '../store/setting.ts';
import type { TeamStore } from '../store/team-store.ts';
import { listRuns } from './runs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Connects to the store. pg is loaded here. Throws a Problem as `storeProblem` words it. */
export async function openStore(secret: Secret): Promise<TeamStore> {
  const [{ TeamStore }, { storeProblem }] = await Promise.all([
    import('../store/team-store.ts'),
    import('../store/store-problem.ts'),
  ]);
  try {
    return await TeamStore.open({ exec: noTunnel, signal: new AbortController().signal }, secret);
  } catch (error) {
    throw storeProblem(error);
  }
}

/**
 * Connects to the store that `TEJUN_STORE` names, for as long as `use` takes.
 *
 * @throws Problem `no-store` (EXIT.usage) when none is named; `store-away`, `store-not-ready` (EXIT.store)
 */
export async function withStore<T>(env: Env, use: (store: TeamStore) => Promise<T>): Promise<T> {
  const secret = storeSecret(env);
  if (!secret) {
    const next = [`export ${STORE}=postgres://USER:PASSWORD@HOST/DATABASE`];
    throw new Problem({ code: 'no-store', what: `${STORE} is not set: there is no store of the team here.`, next });
  }
  const store = await openStore(secret);
  try {
    return await use(store);
  } catch (error) {
    const { storeProblem } = await import('../store/store-problem.ts');
    throw storeProblem(error);
  } finally {
    await store.end();
  }
}

/** What a courier of this run needs, and the secret to keep out of everything; undefined when the team has no store. */
export function courierOf(
  env: Env,
  run: string,
  path: string,
): (Pick<CourierParts, 'run' | 'path' | 'connect'> & { secret: Secret }) | undefined {
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

async function noTunnel(): Promise<never> {
  throw new Problem({ code: 'store-private', what: `${STORE} names a host of a private network.` });
}
