import { spawnSync } from 'node:child_process';

/** What a process that holds secrets does not leave behind; `false` where the machine could not do it. */
export interface Hardening {
  /** The kernel writes no core file of it. */
  noCore: boolean;
}

/**
 * For the engine's start, before it knows a secret. A core file, a diagnostic report or an inspector that anyone of the
 * same user opens by a signal would hand the secrets out. Swap and ptrace by the same user stay out of
 * reach of this.
 */
export function hardenProcess(): Hardening {
  delete process.env['NODE_OPTIONS'];
  process.umask(0o077);
  if (process.report) process.report.excludeEnv = true;
  // A listener of one's own keeps Node's, which opens the inspector, from running.
  if (process.listenerCount('SIGUSR1') === 0) process.on('SIGUSR1', () => {});
  return { noCore: forbidCore() };
}

/** Node cannot call setrlimit; util-linux's prlimit does it to a process that runs already. */
function forbidCore(): boolean {
  const { status } = spawnSync('prlimit', ['--pid', String(process.pid), '--core=0:0'], { stdio: 'ignore' });
  return status === 0;
}
