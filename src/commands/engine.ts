import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import type { KnownKeys } from '../engine/approval.ts';
import { Engine, type EngineParts } from '../engine/engine.ts';
import { hostSite } from '../engine/host-site.ts';
import { operatorOf } from '../engine/operator.ts';
import { endOrphans } from '../engine/orphans.ts';
import { buildPlan, type Plan, type PlanRequest } from '../engine/plan.ts';
import { planEdited } from '../engine/plan-edited.ts';
import type { EngineJournal } from '../engine/recorder.ts';
import { probesOf, requireSameRunbook, unknownOutcomes } from '../engine/resumption.ts';
import { SharedLock } from '../engine/shared-lock.ts';
import type { Site } from '../engine/site.ts';
import type { StartNews } from '../engine/start-news.ts';
import { StoreLock } from '../engine/store-lock.ts';
import type { Exec } from '../exec/command.ts';
import { onCrash } from '../exec/crash.ts';
import { hostEnvironment, loginsOf } from '../exec/environment.ts';
import { hardenProcess } from '../exec/process-hardening.ts';
import { createExec } from '../exec/run.ts';
import { requireGenuine } from '../journal/genuine.ts';
import { type Entry, JOURNAL_FORMAT, type JournalRecord, type Person } from '../journal/records.ts';
import { readJournal, resumeJournal } from '../journal/recover.ts';
import { chooseSigner, type Signer, signerEntry } from '../journal/signer.ts';
import { Signing } from '../journal/signing.ts';
import { type Journal, openJournal } from '../journal/writer.ts';
import { listenForScreens } from '../link/socket.ts';
import { EXIT, type ExitCode, faultText, Problem } from '../problem.ts';
import { version } from '../program.ts';
import { loadRunbook } from '../runbook/load.ts';
import { REHEARSAL, type Runbook } from '../runbook/types.ts';
import { sweepSecretFiles } from '../secrets/delivery.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { createVault } from '../secrets/vault.ts';
import { allowedSignersPath, revokedKeysPath, runDirectory, socketPath } from '../state-directory.ts';
import { followInto } from '../store/courier.ts';
import { storeSecret } from '../store/setting.ts';
import { Hook } from './hook.ts';
import { keySearch } from './key-search.ts';
import type { EngineGreeting, EngineSpec } from './launch.ts';
import { holderOf, takeLocks } from './locks.ts';
import { Notices } from './notice.ts';
import { type Preferences, preferencesForRun } from './preferences.ts';
import { redactedEnd } from './redacted-end.ts';
import { beginOf } from './resume.ts';
import { previousRun } from './runs.ts';
import { courierOf } from './team-store.ts';
import { waitForScreens } from './wait-for-screens.ts';
import { startWarden } from './warden.ts';

/**
 * The engine process: reads its spec from standard input, opens the site, the journal and the link, says `ready` on standard
 * output, and serves until the run is sealed or suspended. Everything it says on its way is a JSON line (`EngineGreeting`).
 */
export async function serveEngine(): Promise<ExitCode> {
  hardenProcess();
  // The process that started this one may leave at any moment, and its pipe with it.
  process.stdout.on('error', () => {});
  const tell = (greeting: EngineGreeting) => process.stdout.write(`${JSON.stringify(greeting)}\n`);
  const cancelled = new AbortController();
  const cancel = () => cancelled.abort();
  process
    .on('SIGTERM', cancel)
    .on('SIGINT', cancel)
    .on('SIGHUP', () => {});
  const open: (() => Promise<void> | void)[] = [];
  try {
    const spec = JSON.parse(await text(process.stdin)) as EngineSpec;
    const engine = await start(spec, open, (news) => tell({ kind: 'said', news }), cancelled.signal);
    process.off('SIGTERM', cancel).off('SIGINT', cancel);
    process.on('SIGTERM', () => void engine.terminate('after-step', 'the engine was told to end'));
    process.on('SIGINT', () => {});
    tell({ kind: 'ready' });
    const exit = await engine.ended;
    await closeAll(open);
    return exit;
  } catch (error) {
    await closeAll(open);
    const problem = error instanceof Problem ? error : faultOf(error);
    tell({ kind: 'problem', problem: problem.detail, exit: problem.exit });
    return problem.exit;
  }
}

/** Opens everything in order; what was opened is pushed to `open`, so that it is closed whatever happens. */
async function start(
  spec: EngineSpec,
  open: (() => Promise<void> | void)[],
  said: (news: StartNews) => void,
  cancelled: AbortSignal,
): Promise<Engine> {
  const directory = runDirectory(process.env, spec.run);
  const file = join(directory, 'journal.jsonl');
  const operator = operatorOf(process.env);
  const runbook = await loadRunbook(spec.runbook);
  const preferences = await preferencesForRun(process.env, log);
  // Closed last, when the locks are free already: a server that hangs holds nobody up.
  let hookClosed: () => Promise<void> | void = () => {};
  open.push(() => hookClosed());
  const locks = await takeLocks(process.env, spec, runbook.file, operator, said);
  open.push(() => locks.release());
  sweepSecretFiles(process.env);
  // A first plan, before anything is started: what is wrong with the runbook or its values is said at once.
  const firstPlan = planFor(spec, runbook);
  if (spec.resume) {
    requireSameRunbook(beginOf(readJournal(file), spec.run), firstPlan);
    requireGenuine(file);
  }

  const redactor = createRedactor();
  const vault = createVault(redactor);
  open.push(() => vault.wipe());
  onCrash((text) => redactor.text(text), vault);
  const site = await openSite(spec, runbook, said, cancelled);
  open.push(() => site.close());
  // The logins that the steps find (FLY_API_TOKEN and its like) are secrets of this run too.
  for (const login of [...loginsOf(process.env), ...loginsOf(site.env)]) redactor.register(login);
  if (cancelled.aborted) throw cancelledProblem();
  const exec = createExec({ redactor, env: hostEnvironment(process.env), cwd: directory });
  const hook = new Hook({ command: preferences.hook, webhook: preferences.webhook, exec, failed: log });
  hookClosed = () => hook.settled();

  const plan = planFor(spec, runbook, site);
  const courier = plan.environment.rehearsal ? undefined : courierOf(process.env, spec.run, file);
  if (courier) {
    redactor.register(courier.secret);
    // Closed after the journal, so that it sees the last record.
    const away = (error: unknown) => log(error instanceof Problem ? error.what : faultText(error));
    open.push(followInto({ ...courier, away, refused: ({ what }) => log(what) }));
  }
  const options = { redact: (entry: Entry) => redactor.value(entry) };
  const past = spec.resume ? resumeJournal(file, options) : undefined;
  const journal = past?.journal ?? openJournal(file, options);
  open.push(() => journal.close());
  open.push(startWarden(spec.run, file));
  const certify = () => chooseSigner({ ...keySearch(process.env), principal: operator.name, run: spec.run });
  const signer = await certify();
  const notices = noticesFor(preferences, hook, past?.records);
  const engine = new Engine({
    plan,
    directory,
    run: spec.run,
    operator,
    site,
    journal: engineJournal(journal, new Signing(journal, signer, certify), (record) => notices.hear(record)),
    secrets: {
      set: (secret, source) => vault.set(secret, source),
      get: (name) => (vault.has(name) ? vault.get(name) : undefined),
      redact: (text) => redactor.text(text),
      wipe: () => vault.wipe(),
    },
    taskFor,
    execFor: (env, cwd) => createExec({ redactor, env, cwd }),
    planEdited: (id, body) => planEdited(runbook, requestOf(spec, site), id, body),
    knownKeys: () => knownKeys(process.env),
    ...sharedLockOf(spec, plan, operator, createExec({ redactor, env: site.env, cwd: site.cwd })),
    waitForScreensMs: waitForScreens(process.env, plan.environment.rehearsal, preferences.wait * 60_000),
    // A key of the agent that is there now is asked when the run must be certified anew, and by the steps that go over SSH.
    agentMoved: (socket) => {
      process.env['SSH_AUTH_SOCK'] = socket;
    },
    ...(past ? { past: past.records } : {}),
  });
  const takenOver: Entry[] = locks.from
    ? [{ type: 'lock.taken', scope: 'host', from: locks.from, by: operator.name }]
    : [];
  if (past) {
    const { state } = engine;
    const ended = await endOrphans(spec.run, state);
    const resumed: Entry = {
      ...{ type: 'resumed', by: operator.name, ...bootOf() },
      ...(past.recovered ? { recovered: past.recovered } : {}),
      ...(ended.length > 0 ? { ended } : {}),
    };
    const entries = [resumed, signerEntry(signer), ...takenOver, ...unknownOutcomes(state)];
    await engine.begin(entries, probesOf(plan, state));
  } else {
    const [begin, ...entries] = firstEntries(spec, runbook, plan, operator, site, signer);
    await engine.begin([begin, ...takenOver, ...entries]);
  }
  open.push(
    await listenForScreens(socketPath(process.env, spec.run), (end) => engine.attach(redactedEnd(end, redactor))),
  );
  return engine;
}

/** A line for `engine.log`. */
function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

function noticesFor(preferences: Preferences, hook: Hook, past: readonly JournalRecord[] = []): Notices {
  return new Notices({ longMs: preferences['notify-after'] * 1000, tell: (notice) => hook.give(notice), past });
}

/**
 * The lock that hosts share. There is one, and everybody looks for it in the same place: the database that the runbook names; only
 * where it names none, the team's store. A rehearsal has none.
 */
function sharedLockOf(spec: EngineSpec, plan: Plan, operator: Person, exec: Exec): Pick<EngineParts, 'sharedLock'> {
  const { file: runbook } = plan.runbook;
  const { name: environment, rehearsal, lock } = plan.environment;
  const { takeOver } = spec;
  const parts = { runbook, environment, takeOver, holder: holderOf(spec, operator), near: { exec } };
  if (lock !== undefined) return { sharedLock: (news) => new SharedLock({ ...parts, scope: 'database', news }) };
  const secret = rehearsal ? undefined : storeSecret(process.env);
  return secret ? { sharedLock: (news) => new StoreLock({ ...parts, secret, news }) } : {};
}

function planFor(spec: EngineSpec, runbook: Runbook, site?: Site): Plan {
  return buildPlan(runbook, requestOf(spec, site));
}

function requestOf(spec: EngineSpec, site?: Site): PlanRequest {
  return {
    environment: spec.environment,
    flow: spec.flow,
    ...(spec.section === undefined ? {} : { section: spec.section }),
    values: { ...spec.values, run: spec.run },
    tasks: taskFor,
    taskNames: TASK_NAMES,
    ...(site ? { atSite: site.values } : {}),
  };
}

async function openSite(
  spec: EngineSpec,
  runbook: Runbook,
  said: (news: StartNews) => void,
  cancelled: AbortSignal,
): Promise<Site> {
  if (spec.environment !== REHEARSAL) return hostSite(process.env, process.cwd());
  const { openRehearsal } = await import('../rehearsal/site.ts');
  const { values } = planFor(spec, runbook);
  return openRehearsal(
    {
      run: spec.run,
      runbook,
      values,
      fresh: spec.flow === 'setup',
      flow: spec.flow,
      ...(spec.drill === undefined ? {} : { drill: spec.drill }),
      ...(spec.port === undefined ? {} : { port: spec.port }),
    },
    { said, signal: cancelled },
  );
}

function engineJournal(journal: Journal, signing: Signing, written: (record: JournalRecord) => void): EngineJournal {
  return {
    append: (entry) => {
      const record = journal.append(entry);
      written(record);
      return record;
    },
    sign: (final) => signing.sign(final),
    refill: () => journal.refill(),
    close: () => journal.close(),
    get low() {
      return journal.low;
    },
    get unsaved() {
      return journal.unsaved;
    },
  };
}

function firstEntries(
  spec: EngineSpec,
  runbook: Runbook,
  plan: Plan,
  operator: Person,
  site: Site,
  signer: Signer,
): [Entry, ...Entry[]] {
  const previous = previousRun(process.env, spec.run);
  return [
    {
      type: 'begin',
      format: JOURNAL_FORMAT,
      run: spec.run,
      nonce: randomBytes(16).toString('hex'),
      tejun: version(),
      runbook: { path: resolve(runbook.file), title: runbook.title, digest: runbook.digest },
      environment: plan.environment.name,
      rehearsal: plan.environment.rehearsal,
      ...(spec.drill === undefined ? {} : { drill: spec.drill }),
      flow: plan.flow,
      ...(plan.section === undefined ? {} : { section: plan.section }),
      operator,
      ...bootOf(),
      pid: process.pid,
      ...(plan.environment.rehearsal ? {} : { cwd: site.cwd }),
      values: plan.values,
      plan: plan.steps.map(({ id, stage, title, uses, effect }) => ({ id, stage, title, uses, effect })),
      path: plan.path,
      checklist: plan.checklist.map(({ id, text, steps }) => ({ id, text, steps })),
      ...(previous ? { prevRun: previous } : {}),
    },
    signerEntry(signer),
    ...(site.ready ? [{ type: 'platform.ready', ...site.ready } as const] : []),
  ];
}

function knownKeys(env: NodeJS.ProcessEnv): KnownKeys {
  const [allowedSigners, revokedKeys] = [allowedSignersPath(env), revokedKeysPath(env)].map(contentOf);
  return {
    ...(allowedSigners === undefined ? {} : { allowedSigners }),
    ...(revokedKeys === undefined ? {} : { revokedKeys }),
  };
}

/** Undefined when there is no such file. One that is there and cannot be read is a fault: it may revoke a key. */
function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Which boot of the host this is; nothing where the host does not say (it is Linux that does). */
function bootOf(): { bootId?: string } {
  try {
    return { bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() };
  } catch {
    return {};
  }
}

async function closeAll(open: (() => Promise<void> | void)[]): Promise<void> {
  for (const close of open.reverse()) await Promise.resolve(close()).catch(() => {});
}

function cancelledProblem(): Problem {
  return new Problem(
    { code: 'cancelled', what: 'The start was cancelled.', means: 'Nothing was run.' },
    EXIT.cancelled,
  );
}

function faultOf(error: unknown): Problem {
  return new Problem(
    {
      code: 'engine-fault',
      what: faultText(error),
      means: 'This is a fault of tejun; nothing was run.',
      next: ['report it'],
    },
    EXIT.bug,
    { cause: error },
  );
}
