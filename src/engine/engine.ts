import type { AnyTask } from '../../tasks/task.ts';
import type { Exec } from '../exec/command.ts';
import { formatReceipt, receiptOf } from '../journal/receipt.ts';
import type { Entry, JournalRecord, Outcome, Person, SecretSource } from '../journal/records.ts';
import type { EngineEnd, EngineMessage, Intent } from '../link/messages.ts';
import { EXIT, type ExitCode, faultText, Problem } from '../problem.ts';
import { checkSecret } from '../secrets/format.ts';
import { Secret } from '../secrets/secret.ts';
import { conclude, exitOf } from './conclusion.ts';
import { Hub } from './hub.ts';
import { lanes } from './lanes.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { LockNews, SharedLock } from './shared-lock.ts';
import type { Site } from './site.ts';
import { countOutcomes, EMPTY_RUN, fold, openIncident, type RunState } from './state.ts';
import { chooseFor, runStep, type StepRequest, type StepRunnerParts, type StopReason } from './step-runner.ts';
import { secretSpec } from './walk.ts';

/** The journal as the engine uses it: the only writer of a run. */
export interface EngineJournal {
  /** Chained and on disk when it returns; throws a `Problem` when it could not be written. */
  append(entry: Entry): JournalRecord;
  /** Signs everything so far; a journal without a signer does nothing. */
  sign(final: boolean): Promise<JournalRecord | undefined>;
  /** The disk is full and the reserve is in use: the running step may end, no other starts. */
  readonly low: boolean;
  /** Lines that could not be written: shown to the operator, because nobody else has them. */
  readonly unsaved: readonly string[];
  close(): void;
}

/** The secrets as the engine uses them. */
export interface EngineSecrets {
  set(secret: Secret, source: SecretSource): void;
  get(name: string): Secret | undefined;
  redact(text: string): string;
  /** Overwrites all of them. */
  wipe(): void;
}

export interface EngineParts {
  plan: Plan;
  directory: string;
  run: string;
  operator: Person;
  site: Site;
  journal: EngineJournal;
  secrets: EngineSecrets;
  taskFor(uses: string): AnyTask | undefined;
  execFor(env: Readonly<Record<string, string>>, cwd: string): Exec;
  /** The lock of the environment's database, when the runbook names one. */
  sharedLock?(news: LockNews): SharedLock;
  /** Records of a run that is resumed. */
  past?: readonly JournalRecord[];
  /** How long a run without screens waits for them, in milliseconds, before it is suspended. */
  waitForScreensMs: number;
}

/** Problems that a secret has for good: another one is asked for. */
const UNFIT_FOR_LOCK: ReadonlySet<string> = new Set(['postgres-url', 'lock-pooler', 'postgres-refused']);

/** Checks of the pre-flight and of triage that run at the same time; each is a small process of a few seconds at most. */
const PARALLEL = 12;

/**
 * Walks one run: takes intents from the screens, runs steps, and is the only one that appends to the journal. It draws
 * nothing, and needs no screen: when they are gone it lets the running step finish, starts no other, and waits.
 */
export class Engine {
  readonly #parts: EngineParts;
  readonly #hub: Hub;
  #state: RunState = EMPTY_RUN;
  #stop = new AbortController();
  /** Set while steps run; later steps of the same request do not start when it is asked to stop after this one. */
  #busy: Promise<void> | undefined;
  #drain = false;
  #leaving = false;
  #lonely: NodeJS.Timeout | undefined;
  readonly #lock: SharedLock | undefined;
  #end: (exit: ExitCode) => void = () => {};
  /** Resolves with the exit code when the run was sealed or suspended and everything is closed. */
  readonly ended: Promise<ExitCode>;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#hub = new Hub(
      () => ({ kind: 'hello', run: parts.run, plan: parts.plan, directory: parts.directory, pid: process.pid }),
      (intent, from) => void this.#take(intent, from),
      (attached) => this.#attachedChanged(attached),
    );
    this.#lock = parts.sharedLock?.({
      record: (entry) => this.#lockBefell(entry),
      tell: ({ detail }) => this.#hub.send({ kind: 'refused', problem: detail }),
    });
    for (const record of parts.past ?? []) this.#keep(record);
  }

  get state(): RunState {
    return this.#state;
  }

  attach(end: EngineEnd): void {
    this.#hub.attach(end);
  }

  /**
   * Writes the first records; the run exists, or goes on, from here.
   *
   * @param probes read steps to run at once: they tell what became of a step whose outcome is not known
   */
  async begin(entries: readonly Entry[], probes: readonly string[] = []): Promise<void> {
    for (const entry of entries) this.#append(entry);
    await this.#sign(false);
    this.#waitForScreens();
    if (probes.length > 0) void this.#run({ kind: 'run', steps: probes }).catch(() => {});
  }

  /** Ends the run from outside (a signal): after the running step, or now. */
  async terminate(how: 'after-step' | 'now', reason: string): Promise<void> {
    await this.#stopRunning(how);
    await this.#leave(() => this.#append({ type: 'suspended', reason }), EXIT.suspended);
  }

  async #take(intent: Intent, from: EngineEnd): Promise<void> {
    try {
      await this.#obey(intent, from);
    } catch (error) {
      const problem = error instanceof Problem ? error : fault(error);
      if (problem.exit === EXIT.refused) this.#recordRefusal(intent, problem);
      const unsaved = this.#parts.journal.unsaved.map(
        (line) => `copy this record, which is not on disk: ${line.trim()}`,
      );
      from.send({ kind: 'refused', problem: { ...problem.detail, next: [...problem.next, ...unsaved] } });
    }
  }

  async #obey(intent: Intent, from: EngineEnd): Promise<void> {
    if (this.#leaving || this.#state.seal) {
      throw new Problem({ code: 'run-sealed', what: 'This run has ended; nothing can be added to it.' }, EXIT.refused);
    }
    const by = this.#parts.operator.name;
    switch (intent.kind) {
      case 'run':
        return this.#run(intent);
      case 'choose':
        return this.#choose(this.#step(intent.step), from);
      case 'settle': {
        const step = this.#step(intent.step);
        if (this.#state.running.includes(step.id)) throw busy();
        const outcome = intent.how === 'by-hand' ? 'passed' : 'skipped';
        this.#append({ type: 'step.settled', step: step.id, outcome, how: intent.how, reason: intent.reason, by });
        return this.#sign(false);
      }
      case 'guard':
        return this.#satisfyGuard(intent);
      case 'secret':
        return this.#takeSecret(intent);
      case 'check': {
        const { item, state, note } = intent;
        this.#append({ type: 'checklist', item, state, ...(note === undefined ? {} : { note }), by });
        return;
      }
      case 'note':
        this.#append({ type: 'note', text: intent.text, by });
        return;
      case 'incident': {
        const { symptom } = intent;
        this.#append({ type: 'incident.opened', ...(symptom === undefined ? {} : { symptom }), by });
        return;
      }
      case 'incident-over':
        if (!openIncident(this.#state)) throw new Problem({ code: 'no-incident', what: 'No incident is open.' });
        this.#append({ type: 'incident.closed', finding: intent.finding, by });
        return this.#sign(false);
      case 'take-over':
        return this.#lock?.takeOver(intent.typed);
      case 'stop':
        return this.#stopRunning(intent.how);
      case 'seal':
        if (this.#busy) throw busy();
        return this.#seal();
      case 'suspend':
        await this.#stopRunning('after-step');
        return this.#leave(() => this.#append({ type: 'suspended', reason: 'asked by the operator' }), EXIT.suspended);
    }
  }

  async #run(intent: Extract<Intent, { kind: 'run' }>): Promise<void> {
    if (this.#state.running.length > 0) throw busy();
    // The last step of a batch has its result, but its signature is still being written.
    const before = intent.steps.filter((id) => this.#state.steps[id]?.status === 'passed');
    while (this.#busy) await this.#busy;
    const steps = intent.steps
      .filter((id) => before.includes(id) || this.#state.steps[id]?.status !== 'passed')
      .map((id) => this.#step(id));
    if (steps.length === 0) return;
    this.#stop = new AbortController();
    this.#drain = false;
    const work = steps.every(isCheck) ? this.#runChecks(steps) : this.#runInOrder(steps, intent);
    this.#busy = work.then(
      () => {},
      () => {},
    );
    try {
      await work;
    } finally {
      this.#busy = undefined;
      await this.#sign(false);
    }
  }

  async #runInOrder(steps: readonly PlannedStep[], intent: Extract<Intent, { kind: 'run' }>): Promise<void> {
    for (const step of steps) {
      if (this.#drain) return;
      if (this.#parts.journal.low) throw full();
      const inputs = intent.inputs?.[step.id];
      const request: StepRequest = {
        ...(inputs ? { inputs } : {}),
        ...(intent.typed === undefined ? {} : { typed: { text: intent.typed, how: intent.by ?? 'typed' } }),
      };
      const outcome = await runStep(this.#runnerParts(), step, request, this.#stop.signal);
      if (outcome !== 'passed') return;
      if (step.effect !== 'read') await this.#sign(false);
    }
  }

  /**
   * Checks only read, so they run side by side, and one that fails does not hide the others. One that needs another of them
   * waits for it, and is left out when that one did not pass.
   */
  async #runChecks(steps: readonly PlannedStep[]): Promise<void> {
    const inLane = lanes(PARALLEL);
    const ended = new Map<string, Promise<Outcome | undefined>>();
    for (const step of steps) {
      const needed = step.needs.flatMap((id) => ended.get(id) ?? []);
      const work = Promise.all(needed).then((outcomes) =>
        outcomes.every((outcome) => outcome === 'passed') ? inLane(() => this.#runCheck(step)) : undefined,
      );
      ended.set(step.id, work);
    }
    const results = await Promise.allSettled(ended.values());
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #runCheck(step: PlannedStep): Promise<Outcome | undefined> {
    if (this.#drain) return undefined;
    if (this.#parts.journal.low) throw full();
    return runStep(this.#runnerParts(), step, {}, this.#stop.signal);
  }

  async #choose(step: PlannedStep, from: EngineEnd): Promise<void> {
    const choice = await chooseFor(this.#runnerParts(), step, AbortSignal.timeout(step.timeoutMs));
    from.send({ kind: 'choice', step: step.id, ...(choice ? { choice } : {}) });
  }

  #satisfyGuard({ text, by }: Extract<Intent, { kind: 'guard' }>): void {
    const { guard, name } = this.#parts.plan.environment;
    const right = guard === 'typed' ? text === name : guard === 'confirm' ? text === 'yes' : guard === 'open';
    if (!right) {
      throw new Problem(
        {
          code: 'guard-refused',
          what: guard === 'typed' ? `The name that was typed is not ${name}.` : `${name} was not confirmed.`,
          means: 'Nothing was run.',
          next: [guard === 'approve' ? 'a second person approves this run' : `confirm ${name} to go on`],
        },
        EXIT.refused,
      );
    }
    this.#append({ type: 'guard.satisfied', guard, how: by ?? guard, by: this.#parts.operator.name });
  }

  async #takeSecret(intent: Extract<Intent, { kind: 'secret' }>): Promise<void> {
    const spec = secretSpec(this.#parts.plan, intent.name);
    if (!spec) throw new Problem({ code: 'unknown-secret', what: `The plan has no secret ${intent.name}.` });
    const own = intent.bytes === undefined;
    const bytes = own ? this.#parts.site.secretFor(spec) : Buffer.from(intent.bytes ?? '', 'base64');
    if (!bytes || bytes.length === 0) {
      const next = ['enter it, or press Esc to go back'];
      throw new Problem({ code: 'secret-empty', what: `${spec.name} is empty.`, next });
    }
    const { secrets, operator } = this.#parts;
    const source: SecretSource = own ? 'rehearsal' : intent.source;
    if (intent.environment !== undefined) {
      secrets.set(new Secret(nameElsewhere(spec.name, intent.environment), bytes), source);
      return;
    }
    const elsewhere =
      spec.differsFrom === undefined ? undefined : secrets.get(nameElsewhere(spec.name, spec.differsFrom));
    const wrong = own ? [] : checkSecret(bytes, spec.format).filter(({ level }) => level === 'error');
    const problems = wrong.map((finding) => finding.what);
    if (elsewhere?.use((other) => other.equals(bytes))) problems.push(`it is the same as in ${spec.differsFrom}`);
    if (problems.length > 0) {
      bytes.fill(0);
      const what = `${spec.name} was not taken: ${problems.join('; ')}.`;
      throw new Problem({ code: 'secret-rejected', what, next: ['enter it again'] });
    }
    const secret = new Secret(spec.name, bytes);
    secrets.set(secret, source);
    const held = await this.#lockWith(secret);
    const compared = elsewhere && spec.differsFrom !== undefined ? { differsFrom: spec.differsFrom } : {};
    this.#append({ type: 'secret.set', name: spec.name, source, ...compared, by: operator.name });
    if (held) throw held;
  }

  /**
   * Takes the lock as soon as its database is known.
   *
   * @returns why the lock is not held yet, when the secret is none the worse for it
   * @throws Problem when the secret cannot carry the lock: then it is not taken
   */
  async #lockWith(secret: Secret): Promise<Problem | undefined> {
    if (secret.name !== this.#parts.plan.environment.lock) return undefined;
    try {
      await this.#lock?.use(secret);
      return undefined;
    } catch (error) {
      if (error instanceof Problem && !UNFIT_FOR_LOCK.has(error.code)) return error;
      throw error;
    }
  }

  #lockBefell(entry: Parameters<LockNews['record']>[0]): void {
    if (this.#leaving) return;
    if (entry.type === 'lock.lost') this.#drain = true;
    this.#append(entry);
  }

  /** Before each attempt of a step: whoever changes something holds the lock. */
  async #clear(step: PlannedStep): Promise<void> {
    if (!this.#lock || step.effect === 'read') return;
    await this.#lock.hold(step.title);
    if (!this.#drain) return;
    const means = 'Nothing was run.';
    throw new Problem({ code: 'step-stopped', what: 'It was stopped before it began.', means }, EXIT.refused);
  }

  /** Stops what runs: no further step starts; `now` ends the running one too. Resolves when nothing runs. */
  async #stopRunning(how: 'after-step' | 'now'): Promise<void> {
    if (!this.#busy) return;
    this.#drain = true;
    this.#append({ type: 'stop.asked', how, by: this.#parts.operator.name });
    if (how === 'now') this.#stop.abort('stopped' satisfies StopReason);
    await this.#busy;
  }

  async #seal(): Promise<void> {
    const { outcome, open } = conclude(this.#parts.plan, this.#state);
    const exit = exitOf(outcome, this.#parts.plan, this.#state);
    const by = this.#parts.operator.name;
    await this.#leave(
      () => this.#append({ type: 'seal', outcome, open, counts: countOutcomes(this.#state), by }),
      exit,
    );
  }

  /** Writes the last record, signs it, wipes the secrets and closes everything. */
  async #leave(last: () => void, exit: ExitCode): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    clearTimeout(this.#lonely);
    try {
      last();
      await this.#sign(true);
    } finally {
      this.#parts.secrets.wipe();
      this.#parts.journal.close();
      // The screens hear of the end when nothing is left running, so that "done" is true when it is shown.
      await this.#lock?.release();
      await this.#parts.site.close();
      const receipt = receiptOf(this.#hub.records);
      this.#hub.send({ kind: 'bye', exit, ...(receipt ? { receipt: formatReceipt(receipt) } : {}) });
      this.#end(exit);
    }
  }

  #attachedChanged(attached: number): void {
    if (this.#leaving) return;
    clearTimeout(this.#lonely);
    this.#append({ type: 'screens', state: attached === 0 ? 'lost' : 'attached', by: this.#parts.operator.name });
    if (attached > 0) return;
    // Nobody watches: let the running step finish, start no other (design §2).
    this.#drain = true;
    this.#waitForScreens();
  }

  #waitForScreens(): void {
    this.#lonely = setTimeout(() => {
      const reason = 'no screen came back';
      void this.#leave(() => this.#append({ type: 'suspended', reason }), EXIT.suspended);
    }, this.#parts.waitForScreensMs);
  }

  #append(entry: Entry): JournalRecord {
    const record = this.#parts.journal.append(entry);
    this.#keep(record);
    return record;
  }

  #keep(record: JournalRecord): void {
    this.#state = fold(this.#state, record);
    this.#hub.record(record);
  }

  async #sign(final: boolean): Promise<void> {
    const record = await this.#parts.journal.sign(final);
    if (record) this.#keep(record);
  }

  #recordRefusal(intent: Intent, problem: Problem): void {
    if (this.#leaving) return;
    const step = intent.kind === 'run' ? intent.steps[0] : undefined;
    const { code, what } = problem;
    const by = this.#parts.operator.name;
    try {
      this.#append({ type: 'refused', ...(step ? { step } : {}), problem: { code, what }, by });
    } catch {
      // A journal that cannot be written has said so to the screen already, with the answer to this very intent.
    }
  }

  #step(id: string): PlannedStep {
    const step = this.#parts.plan.steps.find((step) => step.id === id);
    if (!step) throw new Problem({ code: 'unknown-step', what: `The plan has no step "${id}".` });
    return step;
  }

  #runnerParts(): StepRunnerParts {
    const { plan, directory, site, taskFor, execFor, secrets, operator } = this.#parts;
    return {
      plan,
      directory,
      cwd: site.cwd,
      env: site.env,
      taskFor,
      execFor,
      secret: (name) => secrets.get(name),
      keep: (secret) => {
        secrets.set(secret, 'step');
        this.#append({ type: 'secret.set', name: secret.name, source: 'step', by: operator.name });
        // The next step that changes something tries again, and is refused with the reason.
        this.#lockWith(secret).catch(() => {});
      },
      redact: (text) => secrets.redact(text),
      clear: (step) => this.#clear(step),
      append: (entry) => this.#append(entry),
      state: () => this.#state,
      send: (message: EngineMessage) => this.#hub.send(message),
      by: operator.name,
    };
  }
}

/** Under which name the vault keeps the value of another environment. */
function nameElsewhere(name: string, environment: string): string {
  return `${name}@${environment}`;
}

function isCheck(step: PlannedStep): boolean {
  return step.effect === 'read' && (step.stage === 'preflight' || step.stage === 'triage');
}

function busy(): Problem {
  return new Problem(
    { code: 'busy', what: 'A step is running.', next: ['wait for it, or stop it with Ctrl-C'] },
    EXIT.refused,
  );
}

function full(): Problem {
  return new Problem(
    {
      code: 'journal-low',
      what: 'The disk is full; the journal lives on its reserve.',
      means: 'The last result was saved. No further step is started: it could not be recorded.',
      next: ['make room, then leave tejun and resume the run'],
    },
    EXIT.journal,
  );
}

function fault(error: unknown): Problem {
  const what = faultText(error);
  return new Problem({ code: 'engine-fault', what, next: ['report it, with the journal'] }, EXIT.bug, { cause: error });
}
