import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { newRunId } from '../engine/run-id.ts';
import type { StartNews } from '../engine/start-news.ts';
import type { ScreenEnd } from '../link/messages.ts';
import { attachScreen } from '../link/socket.ts';
import { EXIT, type ExitCode, Problem, type ProblemDetail } from '../problem.ts';
import { builtFile } from '../program.ts';
import type { Flow } from '../runbook/types.ts';
import { engineLog, makeRunDirectories, removeUnbegunRun, socketPath } from '../state-directory.ts';
import { visitorOf } from './visitor.ts';

/** What an engine is told when it is started, as one JSON document on its standard input. No secret is among it. */
export interface EngineSpec {
  run: string;
  runbook: string;
  environment: string;
  flow: Flow;
  /** Heading of the routine, symptom or way back that is walked; all of the flow when absent. */
  section?: string;
  values: Readonly<Record<string, string>>;
  drill?: string;
  /** Goes on with the run of this id, whose journal is there; everything else is taken from its first record. */
  resume?: boolean;
  /** Port of the rehearsal's loopback URL. */
  port?: number;
  /** Id of the run that holds the lock, typed by the operator who takes its place. */
  takeOver?: string;
}

/** What a starting engine says on its standard output, as JSON lines; the last is `ready` or `problem`. */
export type EngineGreeting =
  | { kind: 'said'; news: StartNews }
  | { kind: 'ready' }
  | { kind: 'problem'; problem: ProblemDetail; exit: ExitCode };

/** Options of Node for a process that holds secrets: no inspector by signal, no environment in crash reports. */
const NODE_OPTIONS = ['--disable-sigusr1', '--report-exclude-env'];

/** Starts the engine of a new run, and attaches to it; see `startEngine`. */
export async function launchEngine(
  spec: Omit<EngineSpec, 'run' | 'resume'>,
  said: (news: StartNews) => void,
  cancel?: AbortSignal,
): Promise<{ run: string; screen: ScreenEnd }> {
  const run = newRunId();
  try {
    return { run, screen: await startEngine({ ...spec, run }, process.cwd(), said, cancel) };
  } catch (error) {
    removeUnbegunRun(process.env, run);
    throw error;
  }
}

/**
 * Starts an engine in a session of its own, without a terminal, and attaches to it. It goes on when this process ends.
 *
 * @param cwd where its steps run
 * @param said is called with what is being waited for
 * @param cancel ends the engine while it starts
 * @throws Problem with what kept it from starting; then nothing is left running
 */
export async function startEngine(
  spec: EngineSpec,
  cwd: string,
  said: (news: StartNews) => void,
  cancel?: AbortSignal,
): Promise<ScreenEnd> {
  const { run } = spec;
  makeRunDirectories(process.env, run);
  const log = openSync(engineLog(process.env, run), 'a', 0o600);
  const child = spawn(process.execPath, [...NODE_OPTIONS, builtFile('tejun.js'), 'engine'], {
    cwd,
    // Node's options from outside (--inspect) would open a process that holds secrets.
    env: { ...process.env, NODE_OPTIONS: undefined },
    detached: true,
    stdio: ['pipe', 'pipe', log],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  closeSync(log);
  const end = () => child.kill('SIGTERM');
  cancel?.addEventListener('abort', end, { once: true });
  try {
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(spec));
    await greeted(child.stdout, said, run);
  } finally {
    cancel?.removeEventListener('abort', end);
    child.stdout.destroy();
    child.unref();
  }
  return attachScreen(socketPath(process.env, run), visitorOf(process.env, 'operator'));
}

async function greeted(stdout: NodeJS.ReadableStream, said: (news: StartNews) => void, run: string): Promise<void> {
  for await (const line of createInterface({ input: stdout })) {
    const greeting = JSON.parse(line) as EngineGreeting;
    if (greeting.kind === 'ready') return;
    if (greeting.kind === 'problem') throw new Problem(greeting.problem, greeting.exit);
    said(greeting.news);
  }
  throw new Problem(
    {
      code: 'engine-failed',
      what: 'The engine ended before it was ready.',
      means: 'Nothing was run.',
      next: [`read ${engineLog(process.env, run)}`],
    },
    EXIT.bug,
  );
}
