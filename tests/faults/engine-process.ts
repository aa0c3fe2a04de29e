import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { EngineGreeting, EngineSpec } from '../../src/commands/launch.ts';
import type { EngineMessage, Intent, ScreenEnd } from '../../src/link/messages.ts';
import { attachScreen } from '../../src/link/socket.ts';
import { builtFile } from '../../src/program.ts';
import { makeRunDirectories, socketPath } from '../../src/state-directory.ts';
import { ALICE } from '../link/visitors.ts';

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

/** Attaches as the screens do; `hear` is given every message, in order. */
export async function attachTo(
  env: Readonly<Record<string, string>>,
  run: string,
  hear: (message: EngineMessage, send: (intent: Intent) => void) => void,
): Promise<ScreenEnd> {
  const screen = await attachScreen(socketPath(env, run), ALICE);
  screen.onMessage((message) => hear(message, (intent) => screen.send(intent)));
  return screen;
}
