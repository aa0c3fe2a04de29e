import { spawn } from 'node:child_process';
import { builtFile } from '../program.ts';

/**
 * Starts the warden of this engine (engine/warden.ts), in a session of its own and with nothing of the environment.
 *
 * @returns what tells it that nothing is to be ended
 */
export function startWarden(run: string, journal: string): () => void {
  const warden = spawn(process.execPath, [builtFile('warden.js'), run, journal], {
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a warden the run goes on; the engine that resumes it ends what is left.
  warden.on('error', () => {});
  warden.stdin.on('error', () => {});
  warden.unref();
  return () => warden.stdin.end('released');
}
