/** The process that serves a build of a service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { PROGRAMS } from '../programs.ts';
import { addEvent } from './events.ts';
import { addLog } from './log-store.ts';
import type { Instance, Service, Workspace } from './model.ts';

const HEALTHY_MS = 10_000;
const LOOK_MS = 50;
const KILL_MS = 5_000;
const RESTART_MS = 300;

/** Environment of what runs on Render: nothing of the host but what a program needs. */
export function environmentOf(workspace: Workspace, service: Service, directory: string): Record<string, string> {
  return {
    PATH: `${workspace.bin}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    HOME: directory,
    // The service logs no warnings of its runtime.
    NODE_NO_WARNINGS: '1',
    RENDER: 'true',
    RENDER_SERVICE_NAME: service.name,
    ...Object.fromEntries(service.envVars),
  };
}

/** Starts a build and waits for its health check. Undefined when it does not become healthy; nothing is left running then. */
export async function startInstance(
  workspace: Workspace,
  service: Service,
  directory: string,
): Promise<Instance | undefined> {
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAMS.catalogue, 'serve'], {
    cwd: directory,
    env: { ...environmentOf(workspace, service, directory), PORT: String(port) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  if (child.pid) workspace.ground.record(child.pid, `render ${service.name}`);
  for (const stream of [child.stdout, child.stderr]) keepLog(workspace, service.id, stream);
  const instance: Instance = { port, child, stopping: false };
  const until = Date.now() + HEALTHY_MS;
  while (isRunning(child) && Date.now() < until && !workspace.ground.leaving.aborted) {
    if (await answers(port)) {
      child.once('exit', () => void ended(workspace, service, instance, directory));
      return instance;
    }
    await sleep(LOOK_MS);
  }
  await stopInstance(instance);
  return undefined;
}

export async function stopInstance(instance: Instance): Promise<void> {
  instance.stopping = true;
  const { child } = instance;
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_MS);
  await gone;
  clearTimeout(timer);
}

/** What serves and ends by itself is said to have failed, and is started again. */
async function ended(workspace: Workspace, service: Service, instance: Instance, directory: string): Promise<void> {
  if (instance.stopping || service.instance !== instance) return;
  delete service.instance;
  addEvent(service, 'server_failed', { reason: 'exited' });
  await sleep(RESTART_MS);
  if (service.instance || workspace.ground.leaving.aborted) return;
  const again = await startInstance(workspace, service, directory);
  if (!again) return;
  if (service.instance) await stopInstance(again);
  else {
    service.instance = again;
    addEvent(service, 'server_restarted', {});
  }
}

export function keepLog(workspace: Workspace, resource: string, stream: Readable): void {
  createInterface({ input: stream }).on('line', (line) => addLog(workspace, resource, 'app', line));
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
