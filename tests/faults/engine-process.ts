import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { EngineGreeting, EngineSpec } from '../../src/commands/launch.ts';
import { attachScreen } from '../../src/link/socket.ts';
import { builtFile } from '../../src/program.ts';
import { makeRunDirectories, socketPath } from '../../src/state-directory.ts';
import { ALICE } from '../link/visitors.ts';
import type { Operator } from './operator.ts';

/** A real engine, started as the screens start it, whose process a test can end. */
export interface EngineProcess {
  child: ChildProcess;
  /** Resolves with the first word that is not about what is being started; undefined when it ended without one. */
  greeted: Promise<EngineGreeting | undefined>;
  gone: Promise<unknown>;
}

export function startEngineProcess(
  spec: EngineSpec,
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): EngineProcess {
  makeRunDirectories(env, spec.run);
  const child = spawn(process.execPath, [builtFile('tejun.js'), 'engine'], {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(spec));
  return { child, greeted: greetingOf(child.stdout), gone: once(child, 'exit') };
}

/** The first word of an engine that is not about what it starts. */
export async function greetingOf(stdout: Readable): Promise<EngineGreeting | undefined> {
  for await (const line of createInterface({ input: stdout })) {
    const said = JSON.parse(line) as EngineGreeting;
    if (said.kind !== 'said') return said;
  }
  return undefined;
}

/**
 * Attaches an operator as the screens do, and waits for the engine's end; gives its exit code, undefined after a signal.
 * Rejects, and ends the engine, when the operator could not decide: a walk must not wait for an answer that never comes.
 */
export async function walkWith(
  operator: Operator,
  { child, gone }: EngineProcess,
  env: Readonly<Record<string, string>>,
  run: string,
): Promise<number | undefined> {
  // An engine that is killed just now is not there any more.
  const screen = await attachScreen(socketPath(env, run), ALICE).catch(() => undefined);
  let failure: { error: unknown } | undefined;
  screen?.onMessage((message) => {
    operator
      .hear(message, (intent) => screen.send(intent))
      .catch((error: unknown) => {
        failure = { error };
        child.kill('SIGKILL');
      });
  });
  const code = await exitOf(gone);
  screen?.close();
  if (failure) throw failure.error;
  return code;
}

/** The exit code of an engine once it is gone; undefined after a signal. */
export async function exitOf(gone: Promise<unknown>): Promise<number | undefined> {
  const [code] = (await gone) as [number | null];
  return code ?? undefined;
}
