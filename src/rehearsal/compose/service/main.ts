/**
 * What the containers of a rehearsal run: `node compose-service.js ROLE`, in the image's directory. Each is a real process that
 * listens, connects, logs, crashes, and ends when it is told to or when the platform is gone.
 */
import { startApi } from './api.ts';
import { startBeat } from './beat.ts';
import { startWeb } from './web.ts';
import { startWorker } from './worker.ts';

const ROLES: Readonly<Record<string, () => Promise<void>>> = {
  api: startApi,
  web: startWeb,
  worker: startWorker,
  beat: startBeat,
};

process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
process.stdin.resume();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
await ROLES[process.argv[2] ?? '']?.();
