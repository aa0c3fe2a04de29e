import type { AnyTask } from '../../tasks/task.ts';
import type { Exec } from '../exec/command.ts';
import { type Approval, planDigest, Requesters } from '../journal/approval.ts';
import { formatReceipt, receiptOf } from '../journal/receipt.ts';
import type { Entry, Holder, JournalRecord, Outcome, Person, SecretSource } from '../journal/records.ts';
import type { EngineEnd, EngineMessage, Intent } from '../link/messages.ts';
import { EXIT, type ExitCode, faultText, Problem } from '../problem.ts';
import { checkSecret } from '../secrets/format.ts';
import { faultsOf, rejection } from '../secrets/rejection.ts';
import { Secret } from '../secrets/secret.ts';
import { acceptApproval, type KnownKeys } from './approval.ts';
import { conclude, exitOf } from './conclusion.ts';
import { type Uneditable, uneditable } from './editable.ts';
import { Hub } from './hub.ts';
import { lanes } from './lanes.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { type EngineJournal, Recorder } from './recorder.ts';
import type { LockNews, RunLock } from './shared-lock.ts';
import type { Site } from './site.ts';
import { countOutcomes, openIncident, type RunState } from './state.ts';
import { chooseFor, runStep, type StepRequest, type StepRunnerParts, type StopReason } from './step-runner.ts';
import { secretSpec } from './walk.ts';

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
  /** Plans a step with another text than the runbook's; throws a `Problem` when that may not run. */
  planEdited(step: string, body: string): PlannedStep;
  /** Whose approval counts, now. */
  knownKeys?(): KnownKeys;
  /** The lock that hosts share: in the environment's database, when the runbook names one, else in the team's store, when there is one. */
  sharedLock?(news: LockNews): RunLock;
  /** Records of a run that is resumed. */
  past?: readonly JournalRecord[];
  /** Called when screens attach from where the SSH agent has another socket. */
  agentMoved?(socket: string): void;
  /** How long a run without screens waits for them, in milliseconds, before it is suspended. */
  waitForScreensMs: number;
}

/** What one who only watches may ask for. */
const OF_WATCHERS: ReadonlySet<Intent['kind']> = new Set(['yield', 'approve']);

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
  readonly #recorder: Recorder;
  #stop = new AbortController();
  /** Set while steps run; later steps of the same request do not start when it is asked to stop after this one. */
  #busy: Promise<void> | undefined;
  #drain = false;
  /** The run is being left: nothing new is begun, even what was asked for before. */
  #closing = false;
  #leaving = false;
  #lonely: NodeJS.Timeout | undefined;
  readonly #lock: RunLock | undefined;
  #agentSocket: string | undefined;
  #end: (exit: ExitCode) => void = () => {};
  /** Resolves with the exit code when the run was sealed or suspended and everything is closed. */
  readonly ended: Promise<ExitCode>;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#hub = new Hub({
      hello: () => ({ kind: 'hello', run: parts.run, plan: parts.plan, directory: parts.directory, pid: process.pid }),
      news: () => (this.#recorder.trouble ? [this.#recorder.trouble] : []),
      onIntent: (intent, from) => void this.#take(intent, from),
      onOperators: (operators, end) => this.#operatorsChanged(operators, end),
    });
    this.#recorder = new Recorder(
      parts.journal,
      (record) => this.#hub.record(record),
      (message) => this.#hub.send(message),
    );
    this.#lock = parts.sharedLock?.({
      record: (entry) => this.#lockBefell(entry),
      tell: ({ detail }) => this.#hub.send({ kind: 'refused', problem: detail }),
      warn: ({ detail }) => this.#hub.send({ kind: 'warning', problem: detail }),
    });
    for (const record of parts.past ?? []) this.#recorder.keep(record);
  }

  get state(): RunState {
    return this.#recorder.state;
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
    await this.#recorder.sign(false);
    this.#waitForScreens();
    const by = this.#parts.operator.name;
    if (probes.length > 0) void this.#run({ kind: 'run', steps: probes }, by).catch(() => {});
  }

  /** Ends the run from outside (a signal): after the running step, or now. */
  async terminate(how: 'after-step' | 'now', reason: string): Promise<void> {
    this.#closing = true;
    await this.#stopRunning(how, this.#parts.operator.name);
    await this.#suspend(reason);
  }

  async #take(intent: Intent, from: EngineEnd): Promise<void> {
    const by = from.visitor.person.name;
    try {
      if (from.visitor.role === 'watcher' && !OF_WATCHERS.has(intent.kind)) throw onlyWatches();
      await this.#obey(intent, from, by);
    } catch (error) {
      const problem = error instanceof Problem ? error : fault(error);
      if (problem.exit === EXIT.refused) this.#recordRefusal(intent, problem, by);
      // What the journal could not take was shown already, with the lines that are not on disk.
      if (!this.#recorder.dead || problem.exit !== EXIT.journal)
        from.send({ kind: 'refused', problem: problem.detail });
    }
  }

  async #obey(intent: Intent, from: EngineEnd, by: string): Promise<void> {
    this.#requireOpen();
    switch (intent.kind) {
      case 'run':
        return this.#run(intent, by);
      case 'choose':
        return this.#choose(this.#step(intent.step), from);
      case 'settle': {
        const step = this.#step(intent.step);
        if (this.state.running.includes(step.id)) throw busy();
        const outcome = intent.how === 'by-hand' ? 'passed' : 'skipped';
        this.#append({ type: 'step.settled', step: step.id, outcome, how: intent.how, reason: intent.reason, by });
        return this.#recorder.sign(false);
      }
      case 'approve':
        this.#approve(intent.approval);
        return this.#recorder.sign(false);
      case 'guard':
        return this.#satisfyGuard(intent, by);
      case 'secret':
        return this.#takeSecret(intent, by);
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
        if (!openIncident(this.state)) throw new Problem({ code: 'no-incident', what: 'No incident is open.' });
        this.#append({ type: 'incident.closed', finding: intent.finding, by });
        return this.#recorder.sign(false);
      case 'take-over':
        return this.#lock?.takeOver(intent.typed);
      case 'stop':
        return this.#stopRunning(intent.how, by);
      case 'yield':
        return this.#yieldTo(intent, from);
      case 'seal':
        if (this.#busy) throw busy();
        return this.#seal(by);
      case 'suspend':
        this.#closing = true;
        await this.#stopRunning('after-step', by);
        return this.#suspend('asked by the operator');
    }
  }

  async #run(intent: Extract<Intent, { kind: 'run' }>, by: string): Promise<void> {
    if (this.state.running.length > 0) throw busy();
    // The last step of a batch has its result, but its signature is still being written.
    const before = intent.steps.filter((id) => this.state.steps[id]?.status === 'passed');
    while (this.#busy) await this.#busy;
    this.#requireOpen();
    const steps = intent.steps
      .filter((id) => before.includes(id) || this.state.steps[id]?.status !== 'passed')
      .map((id) => this.#asWanted(id, intent.edited?.[id]));
    if (steps.length === 0) return;
    this.#stop = new AbortController();
    this.#drain = false;
    const work = steps.every(isCheck) ? this.#runChecks(steps, by) : this.#runInOrder(steps, intent, by);
    this.#busy = work.then(
      () => {},
      () => {},
    );
    try {
      await work;
    } finally {
      this.#busy = undefined;
      await this.#recorder.sign(false);
    }
  }

  async #runInOrder(
    steps: readonly PlannedStep[],
    intent: Extract<Intent, { kind: 'run' }>,
    by: string,
  ): Promise<void> {
    for (const step of steps) {
      if (this.#drain) return;
      this.#recorder.requireRoom();
      const inputs = intent.inputs?.[step.id];
      const request: StepRequest = {
        ...(inputs ? { inputs } : {}),
        ...(intent.typed === undefined ? {} : { typed: { text: intent.typed, how: intent.by ?? 'typed' } }),
      };
      const outcome = await runStep(this.#runnerParts(by), step, request, this.#stop.signal);
      if (outcome !== 'passed') return;
      if (step.effect !== 'read') await this.#recorder.sign(false);
    }
  }

  /**
   * Checks only read, so they run side by side, and one that fails does not hide the others. One that needs another of them
   * waits for it, and is left out when that one did not pass.
   */
  async #runChecks(steps: readonly PlannedStep[], by: string): Promise<void> {
    const inLane = lanes(PARALLEL);
    const ended = new Map<string, Promise<Outcome | undefined>>();
    for (const step of steps) {
      const needed = step.needs.flatMap((id) => ended.get(id) ?? []);
      const work = Promise.all(needed).then((outcomes) =>
        outcomes.every((outcome) => outcome === 'passed') ? inLane(() => this.#runCheck(step, by)) : undefined,
      );
      ended.set(step.id, work);
    }
    const results = await Promise.allSettled(ended.values());
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #runCheck(step: PlannedStep, by: string): Promise<Outcome | undefined> {
    if (this.#drain) return undefined;
    this.#recorder.requireRoom();
    return runStep(this.#runnerParts(by), step, {}, this.#stop.signal);
  }

  async #choose(step: PlannedStep, from: EngineEnd): Promise<void> {
    const parts = this.#runnerParts(from.visitor.person.name);
    const choice = await chooseFor(parts, step, AbortSignal.timeout(step.timeoutMs));
    from.send({ kind: 'choice', step: step.id, ...(choice ? { choice } : {}) });
  }

  #approve(approval: Approval): void {
    const { plan, run, knownKeys } = this.#parts;
    const { environment } = plan;
    if (environment.guard !== 'approve') {
      const what = `${environment.name} asks for no approval.`;
      throw new Problem({ code: 'approval-not-asked', what, means: 'Nothing was changed.' }, EXIT.refused);
    }
    const [, second] = this.#hub.records;
    const approved = { run, begin: second?.prev ?? '', plan: planDigest(plan) };
    const requesters = new Requesters();
    for (const record of this.#hub.records) requesters.add(record);
    this.#append(acceptApproval(approval, approved, requesters, knownKeys?.() ?? {}, new Date()));
  }

  #satisfyGuard({ text, by: given }: Extract<Intent, { kind: 'guard' }>, by: string): void {
    const { guard, name } = this.#parts.plan.environment;
    const right = guard === 'typed' ? text === name : guard === 'confirm' ? text === 'yes' : guard === 'open';
    if (!right) {
      throw new Problem(
        {
          code: 'guard-refused',
          what: guard === 'typed' ? `The name that was typed is not ${name}.` : `${name} was not confirmed.`,
          means: 'Nothing was run.',
          next: [
            guard === 'approve' ? `a second person: tejun approve ${this.#parts.run}` : `confirm ${name} to go on`,
          ],
        },
        EXIT.refused,
      );
    }
    this.#append({ type: 'guard.satisfied', guard, how: given ?? guard, by });
  }

  async #takeSecret(intent: Extract<Intent, { kind: 'secret' }>, by: string): Promise<void> {
    const spec = secretSpec(this.#parts.plan, intent.name);
    if (!spec) throw new Problem({ code: 'unknown-secret', what: `The plan has no secret ${intent.name}.` });
    const own = intent.bytes === undefined;
    const bytes = own ? this.#parts.site.secretFor(spec) : Buffer.from(intent.bytes ?? '', 'base64');
    if (!bytes || bytes.length === 0) {
      const next = ['enter it, or press Esc to go back'];
      throw new Problem({ code: 'secret-empty', what: `${spec.name} is empty.`, next });
    }
    const { secrets } = this.#parts;
    const source: SecretSource = own ? 'rehearsal' : intent.source;
    if (intent.environment !== undefined) {
      secrets.set(new Secret(nameElsewhere(spec.name, intent.environment), bytes), source);
      return;
    }
    const elsewhere =
      spec.differsFrom === undefined ? undefined : secrets.get(nameElsewhere(spec.name, spec.differsFrom));
    const faults = own ? [] : faultsOf(checkSecret(bytes, spec.format));
    if (elsewhere?.use((other) => other.equals(bytes))) {
      faults.push({ code: 'same-elsewhere', what: `it is the same as in ${spec.differsFrom}` });
    }
    if (faults.length > 0) {
      bytes.fill(0);
      throw new Problem({ ...rejection(spec.name, faults), next: ['enter it again'] });
    }
    const secret = new Secret(spec.name, bytes);
    secrets.set(secret, source);
    // Only this one waits: what was asked after any other secret finds it set.
    const held = this.#carriesLock(secret) ? await this.#lockWith(secret) : undefined;
    const compared = elsewhere && spec.differsFrom !== undefined ? { differsFrom: spec.differsFrom } : {};
    this.#append({ type: 'secret.set', name: spec.name, source, ...compared, by });
    if (held) throw held;
  }

  #carriesLock({ name }: Secret): boolean {
    return name === this.#parts.plan.environment.lock;
  }

  /**
   * Takes the lock as soon as its database is known.
   *
   * @returns why the lock is not held yet, when the secret is none the worse for it
   * @throws Problem when the secret cannot carry the lock: then it is not taken
   */
  async #lockWith(secret: Secret): Promise<Problem | undefined> {
    try {
      await this.#lock?.use?.(secret);
      return undefined;
    } catch (error) {
      if (error instanceof Problem && !UNFIT_FOR_LOCK.has(error.code)) return error;
      throw error;
    }
  }

  /** Who comes is told at once when another run has the lock. One in the environment's database waits for its secret. */
  #lockFor(end: EngineEnd): void {
    if (!this.#lock || this.#lock.use) return;
    this.#lock.hold().catch((error: Problem) => end.send({ kind: 'refused', problem: error.detail }));
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
  async #stopRunning(how: 'after-step' | 'now', by: string): Promise<void> {
    if (!this.#busy) return;
    this.#drain = true;
    // A stop does not wait for a journal that cannot be written.
    this.#tryToAppend({ type: 'stop.asked', how, by });
    if (how === 'now') this.#stop.abort('stopped' satisfies StopReason);
    await this.#busy;
  }

  /** Gives the run's place up to another operator, who typed its id. The running step is not cut short. */
  async #yieldTo({ typed, to }: Extract<Intent, { kind: 'yield' }>, { visitor }: EngineEnd): Promise<void> {
    if (typed !== this.#parts.run) {
      const what = `The id that was typed is not ${this.#parts.run}.`;
      const next = [`type exactly: ${this.#parts.run}`];
      throw new Problem({ code: 'not-typed', what, means: 'The run goes on.', next }, EXIT.refused);
    }
    this.#closing = true;
    this.#drain = true;
    const { person } = visitor;
    const holder: Holder = {
      ...{ run: to, operator: person.name, host: person.host, since: new Date().toISOString() },
      ...(person.from === undefined ? {} : { from: person.from }),
    };
    this.#tryToAppend({ type: 'lock.lost', scope: 'host', to: holder, by: person.name });
    await this.#busy;
    await this.#suspend(`${person.name} took its place`);
  }

  async #seal(by: string): Promise<void> {
    // A certificate that has run out is renewed before the seal: what signs a seal follows it at once.
    await this.#recorder.sign(false);
    const { outcome, open } = conclude(this.#parts.plan, this.state);
    const exit = exitOf(outcome, this.#parts.plan, this.state);
    await this.#leave({ type: 'seal', outcome, open, counts: countOutcomes(this.state), by }, exit);
  }

  #suspend(reason: string): Promise<void> {
    return this.#leave({ type: 'suspended', reason }, EXIT.suspended);
  }

  /** Writes the last record, signs it, wipes the secrets and closes everything, whether or not the record could be written. */
  async #leave(last: Entry, exit: ExitCode): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    clearTimeout(this.#lonely);
    if (this.#tryToAppend(last)) await this.#recorder.sign(true).catch(() => {});
    this.#parts.secrets.wipe();
    this.#parts.journal.close();
    // The screens hear of the end when nothing is left running, so that "done" is true when it is shown.
    await this.#lock?.release();
    await this.#parts.site.close();
    const receipt = receiptOf(this.#hub.records);
    const code = this.#recorder.dead ? EXIT.journal : exit;
    this.#hub.send({ kind: 'bye', exit: code, ...(receipt ? { receipt: formatReceipt(receipt) } : {}) });
    this.#end(code);
  }

  #operatorsChanged(operators: number, end?: EngineEnd): void {
    if (this.#leaving) return;
    clearTimeout(this.#lonely);
    if (end) {
      const { person, agentSocket } = end.visitor;
      if (agentSocket !== undefined && agentSocket !== this.#agentSocket) {
        this.#agentSocket = agentSocket;
        this.#parts.agentMoved?.(agentSocket);
      }
      const from = person.from === undefined ? {} : { from: person.from };
      this.#tryToAppend({ type: 'screens', state: 'attached', by: person.name, ...from });
      this.#lockFor(end);
      return;
    }
    if (operators > 0) return;
    // Nobody is there: let the running step finish, start no other (design §2).
    this.#drain = true;
    this.#tryToAppend({ type: 'screens', state: 'lost', by: this.#parts.operator.name });
    this.#waitForScreens();
  }

  #waitForScreens(): void {
    const leave = async () => {
      // The running step was let finish; one that takes longer than the wait is not cut off either.
      await this.#busy;
      await this.#suspend('no screen came back');
    };
    this.#lonely = setTimeout(() => void leave(), this.#parts.waitForScreensMs);
  }

  #append(entry: Entry): JournalRecord {
    return this.#recorder.append(entry);
  }

  /** For what must go on without its record: whether it could be saved. The screens have been shown what could not. */
  #tryToAppend(entry: Entry): boolean {
    try {
      this.#append(entry);
      return true;
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  #recordRefusal(intent: Intent, { code, what }: Problem, by: string): void {
    if (this.#leaving) return;
    const step = intent.kind === 'run' ? intent.steps[0] : undefined;
    this.#tryToAppend({ type: 'refused', ...(step ? { step } : {}), problem: { code, what }, by });
  }

  /** The site's, with the agent of whoever attached last: a step that goes over SSH needs one that is there. */
  #environment(): Readonly<Record<string, string>> {
    const { env } = this.#parts.site;
    if (this.#agentSocket === undefined || env['SSH_AUTH_SOCK'] === undefined) return env;
    return { ...env, SSH_AUTH_SOCK: this.#agentSocket };
  }

  #requireOpen(): void {
    if (!this.#closing && !this.#leaving && !this.state.seal) return;
    throw new Problem({ code: 'run-sealed', what: 'This run has ended; nothing can be added to it.' }, EXIT.refused);
  }

  #step(id: string): PlannedStep {
    const step = this.#parts.plan.steps.find((step) => step.id === id);
    if (!step) throw new Problem({ code: 'unknown-step', what: `The plan has no step "${id}".` });
    return step;
  }

  /** A step as it is asked for: with the text that an operator changed, where one was. */
  #asWanted(id: string, text: string | undefined): PlannedStep {
    const step = this.#step(id);
    if (text === undefined || text === step.body) return step;
    const why = uneditable(step, this.#parts.plan, this.state);
    if (why) throw notEdited(step, why);
    if (this.#parts.secrets.redact(text) !== text) throw secretInEdit();
    return this.#parts.planEdited(id, text);
  }

  #runnerParts(by: string): StepRunnerParts {
    const { plan, run, directory, site, taskFor, execFor, secrets } = this.#parts;
    return {
      plan,
      run,
      directory,
      cwd: site.cwd,
      env: this.#environment(),
      taskFor,
      execFor,
      secret: (name) => secrets.get(name),
      keep: (secret) => {
        secrets.set(secret, 'step');
        this.#append({ type: 'secret.set', name: secret.name, source: 'step', by });
        // The next step that changes something tries again, and is refused with the reason.
        if (this.#carriesLock(secret)) this.#lockWith(secret).catch(() => {});
      },
      redact: (text) => secrets.redact(text),
      clear: (step) => this.#clear(step),
      append: (entry) => this.#append(entry),
      state: () => this.state,
      send: (message: EngineMessage) => this.#hub.send(message),
      by,
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

function notEdited({ title }: PlannedStep, why: Uneditable): Problem {
  const reasons: Readonly<Record<Uneditable, string>> = {
    computed: 'tejun makes its command from the fields of its task.',
    person: 'A person does it.',
    approved: 'A second person approved it as it is written.',
    unconfirmed: 'Changed it might do more than read, and the environment is not confirmed.',
  };
  const next = ['skip it with a reason, or do it by hand and say so', 'change the runbook, and start a run with it'];
  const what = `"${title}" cannot be edited here: ${reasons[why]}`;
  return new Problem({ code: 'edit-refused', what, means: 'Nothing was run.', next }, EXIT.refused);
}

function secretInEdit(): Problem {
  const what = 'The edited command holds the value of a secret, or what looks like one.';
  const means = 'Nothing was run: every process on the host could read it there, and the journal would keep it.';
  const next = ['name it instead ($NAME), and give it on standard input: command <<< "$NAME"'];
  return new Problem({ code: 'edit-secret', what, means, next }, EXIT.refused);
}

function busy(): Problem {
  return new Problem(
    { code: 'busy', what: 'A step is running.', next: ['wait for it, or stop it with Ctrl-C'] },
    EXIT.refused,
  );
}

function onlyWatches(): Problem {
  return new Problem(
    { code: 'only-watches', what: 'This screen only watches.', next: ['tejun resume attaches as an operator'] },
    EXIT.refused,
  );
}

function fault(error: unknown): Problem {
  const what = faultText(error);
  return new Problem({ code: 'engine-fault', what, next: ['report it, with the journal'] }, EXIT.bug, { cause: error });
}
