import type { Command } from '../../src/exec/command.ts';

/** The questions that tejun asks Celery's workers; pure builders. The default time-out of one second is too short for a busy host. */
export const inspectWorkers = (app: string, what: 'ping' | 'active', seconds: number): Command => ({
  file: 'celery',
  args: ['-A', app, 'inspect', what, '-t', String(seconds), '--json'],
});
