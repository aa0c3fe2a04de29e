import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { addEvent } from './events.ts';
import { newId } from './ids.ts';
import { environmentOf, keepLog } from './instance.ts';
import { addLog } from './log-store.ts';
import type { Job, Service, Workspace } from './model.ts';
import { words } from './words.ts';

/** Starts a one-off job: a process of its own, in a fresh copy of the latest build, with the service's variables. */
export function startJob(
  workspace: Workspace,
  service: Service,
  build: string,
  { startCommand, planId }: Pick<Job, 'startCommand' | 'planId'>,
): Job {
  const job: Job = {
    id: newId('job'),
    serviceId: service.id,
    startCommand,
    planId,
    status: 'pending',
    createdAt: new Date().toISOString(),
  };
  workspace.jobs.unshift(job);
  workspace.ground.effects.add('render-job', { service: service.name, job: job.id, command: startCommand });
  void carryOut(workspace, service, job, build).catch((error: Error) => {
    addLog(workspace, job.id, 'app', error.message);
    end(workspace, service, job, 'failed');
  });
  return job;
}

async function carryOut(workspace: Workspace, service: Service, job: Job, build: string): Promise<void> {
  const directory = join(workspace.directory, 'jobs', job.id);
  await cp(build, directory, { recursive: true });
  if (job.status === 'canceled') return;
  job.status = 'running';
  job.startedAt = new Date().toISOString();
  const [file, ...args] = words(job.startCommand) ?? [];
  if (file === undefined) throw new Error(`bash: unexpected EOF while looking for matching quote`);
  const child = spawn(file, args, {
    cwd: directory,
    env: environmentOf(workspace, service, directory),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  job.child = child;
  child.on('error', () => addLog(workspace, job.id, 'app', `${file}: command not found`));
  if (child.pid) workspace.ground.record(child.pid, `render job ${job.id}`);
  for (const stream of [child.stdout, child.stderr]) keepLog(workspace, job.id, stream);
  const [code] = child.pid === undefined ? [127] : ((await once(child, 'close')) as [number | null]);
  if (job.status === 'running') end(workspace, service, job, code === 0 ? 'succeeded' : 'failed');
}

export function cancel(workspace: Workspace, service: Service, job: Job): void {
  if (job.status !== 'pending' && job.status !== 'running') return;
  end(workspace, service, job, 'canceled');
  const pid = job.child?.pid;
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}

function end(workspace: Workspace, service: Service, job: Job, status: Job['status']): void {
  job.status = status;
  job.finishedAt = new Date().toISOString();
  addEvent(service, 'job_run_ended', { jobId: job.id, status });
  workspace.ground.effects.add('render-job-ended', { service: service.name, job: job.id, status });
}
