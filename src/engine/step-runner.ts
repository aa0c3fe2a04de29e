import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyTask, Choice, TaskContext, TaskResult } from '../../tasks/task.ts';
import type { Exec } from '../exec/command.ts';
import { GRACE_MS } from '../exec/command.ts';
import { markedProcesses, markOfStep, stepMarks } from '../exec/marks.ts';
import { atPlace } from '../exec/place.ts';
import { describeFault } from '../journal/disk-fault.ts';
import type { Entry, JournalRecord, Json, Outcome, ProcessName } from '../journal/records.ts';
import type { EngineMessage } from '../link/messages.ts';
import { EXIT, faultText, Problem, type ProblemDetail } from '../problem.ts';
import { substitute } from '../runbook/substitute.ts';
import type { Secret } from '../secrets/secret.ts';
import { judge } from './judge.ts';
import { obstacle } from './obstacle.ts';
import { OutputFile } from './output-file.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RunState } from './state.ts';
import { inputOf } from './step-input.ts';
import { destroyedBy } from './walk.ts';

/** What a step runner works with; the engine gives it, tests give their own. */
export interface StepRunnerParts {
  plan: Plan;
  /** Id of the run. */
  run: string;
  /** Directory of the run; outputs go to `output/` in it. */
  directory: string;
  cwd: string;
  /** The environment of the site, without the run's values. */
  env: Readonly<Record<string, string>>;
  taskFor(uses: string): AnyTask | undefined;
  /** An `Exec` for this environment and directory. */
  execFor(env: Readonly<Record<string, string>>, cwd: string): Exec;
  secret(name: string): Secret | undefined;
  /** Takes a secret that a step brought forth. */
  keep(secret: Secret): void;
  redact(text: string): string;
  /** Rejects with a `Problem` when the run may not begin this step now: its lock is gone, or it was told to stop. */
  clear(step: PlannedStep): Promise<void>;
  /** On disk when it returns. */
  append(entry: Entry): JournalRecord;
  state(): RunState;
  send(message: EngineMessage): void;
  /** Who asked, for the journal. */
  by: string;
}

/** What the operator adds when a step is run: chosen inputs, a typed confirmation. */
export interface StepRequest {
  inputs?: Readonly<Record<string, string>>;
  typed?: { text: string; how: 'typed' | 'flag' };
}

/** Why a step was cut short; the reason of its abort signal. */
export type StopReason = 'timeout' | 'stopped';

/** Longest wait for a task to return after it was told to stop: the grace of its children, and a little. */
const UNRESPONSIVE_MS = GRACE_MS + 5_000;

/**
 * Runs one step with its retries and returns its outcome. Each attempt is an intent on disk before anything happens, and
 * a result after. Rejects with a `Problem` when an obstacle kept it from running at all; then nothing was run.
 *
 * @param stop aborted when the operator stops the step
 */
export async function runStep(
  parts: StepRunnerParts,
  step: PlannedStep,
  request: StepRequest,
  stop: AbortSignal,
): Promise<Outcome> {
  const { task, input, command, secretNames, values } = prepare(parts, step, request);
  const attempts = 1 + (step.retry?.times ?? 0);
  for (let left = attempts; ; left -= 1) {
    const first = left === attempts;
    let begun: Begun;
    try {
      begun = await beginAttempt(parts, step, { command, secretNames, request, first });
    } catch (error) {
      if (first || !(error instanceof Problem)) throw error;
      parts.append(failedToRetry(parts.state(), step, error));
      return 'failed';
    }
    const outcome = await attemptOnce(parts, step, {
      task,
      input,
      secretNames,
      values,
      ...begun,
      stop,
      retries: left - 1,
    });
    if (outcome === 'passed' || left <= 1 || stop.aborted) return outcome;
    await sleep(step.retry?.delayMs ?? 0, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) {
      parts.append(result(step.id, begun.attempt, 0, stoppedBeforeRetry()));
      return 'failed';
    }
  }
}

interface Begun {
  attempt: number;
  output: OutputFile | undefined;
}

/** Puts the intent of an attempt on disk; throws a `Problem` when something stands in its way, and then there is none. */
async function beginAttempt(
  parts: StepRunnerParts,
  step: PlannedStep,
  given: { command: readonly string[]; secretNames: readonly string[]; request: StepRequest; first: boolean },
): Promise<Begun> {
  await parts.clear(step);
  const { command, secretNames, request, first } = given;
  const state = parts.state();
  const problem = obstacle(step, {
    plan: parts.plan,
    state: first ? state : withoutRunning(state, step.id),
    secretNames,
    typed: request.typed?.text,
    destroys: destroyedBy(step, parts.plan, state),
  });
  if (problem) throw problem;
  const attempt = (state.steps[step.id]?.attempts ?? 0) + 1;
  // Opened before the intent: a step whose output has no place to go does not begin.
  const output = step.output === 'keep' ? openOutput(parts, step, attempt) : undefined;
  parts.append({
    type: 'step.intent',
    step: step.id,
    attempt,
    effect: step.effect,
    command,
    ...(step.edited ? { edited: step.body } : {}),
    ...(request.inputs ? { inputs: request.inputs } : {}),
    ...(step.effect === 'destroy' && request.typed ? { confirmed: request.typed } : {}),
    timeoutMs: step.timeoutMs,
    by: parts.by,
  });
  return { attempt, output };
}

/** A retry that cannot begin ends its step: it was still counted as running. */
function failedToRetry(state: RunState, step: PlannedStep, { what, detail }: Problem): Entry {
  const attempt = state.steps[step.id]?.attempts ?? 1;
  return result(step.id, attempt, 0, { outcome: 'failed', summary: what, problem: detail });
}

/** Processes of the attempt that are still there: a daemon that it started, or one that outlived the KILL. */
function leftBehind({ run, redact }: StepRunnerParts, step: PlannedStep, attempt: number): readonly ProcessName[] {
  return markedProcesses(markOfStep(run, step.id, attempt)).map(({ pid, name }) => ({ pid, name: redact(name) }));
}

/** Options that a step offers before it runs (e.g. the releases to go back to); undefined when it offers none. */
export async function chooseFor(
  parts: StepRunnerParts,
  step: PlannedStep,
  signal: AbortSignal,
): Promise<Choice | undefined> {
  const { task, input, secretNames, values } = prepare(parts, step, {});
  if (!task.choose) return undefined;
  const keep = (text: string) => parts.send({ kind: 'line', step: step.id, text });
  return task.choose(input, contextOf(parts, step, { values, secretNames, attempt: 0, keep, signal }));
}

interface Prepared {
  task: AnyTask;
  input: unknown;
  command: readonly string[];
  secretNames: readonly string[];
  values: Readonly<Record<string, string>>;
}

function prepare(parts: StepRunnerParts, step: PlannedStep, request: StepRequest): Prepared {
  const task = parts.taskFor(step.uses);
  if (!task) {
    throw new Problem({ code: 'unknown-task', what: `This tejun has no task "${step.uses}".` }, EXIT.bug);
  }
  const values = { ...parts.plan.values, ...parts.state().captured };
  const input = inputOf(step, task, values, request.inputs ?? {});
  // A choice of the operator may name more than the plan knew.
  const secretNames = [...new Set([...step.secrets, ...(task.secrets?.(input) ?? [])])];
  return { task, input, command: task.describe(input).map(parts.redact), secretNames, values };
}

interface Attempt extends Begun {
  task: AnyTask;
  input: unknown;
  secretNames: readonly string[];
  values: Readonly<Record<string, string>>;
  stop: AbortSignal;
  /** Attempts left after this one. */
  retries: number;
}

async function attemptOnce(parts: StepRunnerParts, step: PlannedStep, work: Attempt): Promise<Outcome> {
  const began = performance.now();
  const { output } = work;
  const keep = (text: string) => {
    if (!output) return;
    output.line(text);
    parts.send({ kind: 'line', step: step.id, text });
  };
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort('timeout' satisfies StopReason), step.timeoutMs);
  const signal = AbortSignal.any([work.stop, timeout.signal]);
  let found: TaskResult;
  try {
    const running = work.task.run(work.input, contextOf(parts, step, { ...work, keep, signal }));
    found = await Promise.race([running, afterAbort(signal)]);
  } catch (error) {
    found = thrown(error);
  } finally {
    clearTimeout(timer);
  }
  const digest = output?.end();
  const left = leftBehind(parts, step, work.attempt);
  const expect = step.expect === undefined ? undefined : substitute(step.expect, work.values);
  const { outcome, captured, problem } = judge(step, found, expect);
  const cause = signal.aborted && outcome === 'failed' ? stopped(signal.reason as StopReason, step, problem) : problem;
  parts.append({
    ...result(step.id, work.attempt, performance.now() - began, {
      outcome,
      summary: outcome === 'passed' ? found.summary : (cause?.what ?? found.summary),
      ...(cause ? { problem: cause } : {}),
    }),
    ...(found.exit === undefined ? {} : { exit: found.exit }),
    ...(found.signal === undefined ? {} : { signal: found.signal }),
    ...(digest ? { output: digest } : {}),
    ...(found.evidence === undefined || step.output === 'suppress' ? {} : { evidence: found.evidence }),
    ...(Object.keys(captured).length === 0 ? {} : { captured }),
    ...(left.length === 0 ? {} : { left }),
    ...(outcome === 'failed' && work.retries > 0 && !signal.aborted ? { againInMs: step.retry?.delayMs ?? 0 } : {}),
  });
  return outcome;
}

function openOutput({ directory }: StepRunnerParts, step: PlannedStep, attempt: number): OutputFile {
  try {
    return new OutputFile(directory, step.id, attempt);
  } catch (cause) {
    throw new Problem(
      {
        code: 'output-unwritable',
        what: `The output of "${step.title}" cannot be kept: ${describeFault(cause)}.`,
        where: { file: join(directory, 'output') },
        means: 'The step was not started.',
        next: ['make room, or make the directory writable, then run the step again'],
      },
      EXIT.journal,
      { cause },
    );
  }
}

function contextOf(
  parts: StepRunnerParts,
  step: PlannedStep,
  given: {
    values: Readonly<Record<string, string>>;
    secretNames: readonly string[];
    attempt: number;
    /** Takes a redacted line of output. */
    keep: (text: string) => void;
    signal: AbortSignal;
  },
): TaskContext {
  // The host's own variables win: a value called PATH must not change what a command is.
  const env = { ...given.values, ...parts.env, ...stepMarks(parts.run, step.id, given.attempt) };
  const exec = parts.execFor(env, parts.cwd);
  return {
    exec: (command, options = {}) =>
      exec(atPlace(step.on, command, given.values), {
        ...options,
        signal: options.signal ?? given.signal,
        onLine: (line, stream) => {
          if (!options.quiet) given.keep(line);
          options.onLine?.(line, stream);
        },
      }),
    env,
    cwd: parts.cwd,
    values: given.values,
    secretNames: given.secretNames,
    secret(name) {
      const secret = given.secretNames.includes(name) ? parts.secret(name) : undefined;
      if (!secret) {
        throw new Problem({
          code: 'secret-unavailable',
          what: `${name} was not entered, or this step does not name it.`,
          next: [`name it in the step: secrets=${name}`, 'enter it on the Secrets screen'],
        });
      }
      return secret;
    },
    provide: parts.keep,
    say: (line) => given.keep(parts.redact(line)),
    progress: (data: Json) => parts.send({ kind: 'progress', step: step.id, data }),
    signal: given.signal,
    timeoutMs: step.timeoutMs,
  };
}

/** A task that does not return after it was stopped is left behind, so that the operator is not. */
async function afterAbort(signal: AbortSignal): Promise<TaskResult> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await sleep(UNRESPONSIVE_MS, undefined, { ref: false });
  return {
    outcome: 'failed',
    summary: 'did not end when it was told to',
    problem: { code: 'step-unresponsive', what: 'It did not end when it was told to; what it does now is not known.' },
  };
}

function thrown(error: unknown): TaskResult {
  if (error instanceof Problem) return { outcome: 'failed', summary: error.what, problem: error.detail };
  // Anything else is a fault of tejun or of a library; its message passes the redactor with the record.
  const what = faultText(error);
  return {
    outcome: 'failed',
    summary: what,
    problem: { code: 'task-fault', what, next: ['run it again (r)', 'report it'] },
  };
}

function stopped(reason: StopReason, step: PlannedStep, found: ProblemDetail | undefined): ProblemDetail {
  const seconds = Math.round(step.timeoutMs / 1000);
  return {
    code: reason === 'timeout' ? 'step-timeout' : 'step-stopped',
    what:
      reason === 'timeout'
        ? `It did not end within ${seconds} s (timeout=) and was ended.`
        : 'It was stopped by the operator.',
    ...(found?.what ? { means: found.what } : {}),
    next: found?.next ?? ['read its output (l)', 'see what it did before it ended, then run it again (r)'],
  };
}

function stoppedBeforeRetry(): { outcome: 'failed'; summary: string } {
  return { outcome: 'failed', summary: 'stopped while waiting to try again' };
}

function result(
  step: string,
  attempt: number,
  ms: number,
  rest: { outcome: Outcome; summary: string; problem?: ProblemDetail },
): Extract<Entry, { type: 'step.result' }> {
  const { outcome, summary, problem } = rest;
  return {
    type: 'step.result',
    step,
    attempt,
    outcome,
    ms: Math.round(ms),
    summary,
    ...(problem
      ? {
          problem: {
            code: problem.code,
            what: problem.what,
            ...(problem.means === undefined ? {} : { means: problem.means }),
            ...(problem.next === undefined ? {} : { next: problem.next }),
          },
        }
      : {}),
  };
}

/** While a step waits for its next attempt it still counts as running; that does not stand in its own way. */
function withoutRunning(state: RunState, id: string): RunState {
  const step = state.steps[id];
  return step ? { ...state, steps: { ...state.steps, [id]: { ...step, status: 'failed' } } } : state;
}
