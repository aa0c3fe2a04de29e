import type { Exec } from '../../src/exec/command.ts';
import { shellLine } from '../../src/exec/quote.ts';
import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { type Job, jobAnswer, type Service } from './answers.ts';
import { pause, type RenderClient, renderClient } from './client.ts';
import { followLogs } from './log-reading.ts';
import { cancelJob, createJob, job as jobRequest } from './requests.ts';
import { startCommand } from './start-command.ts';
import { pollDelay } from './waiting.ts';

/** A job that has ended. */
export interface EndedJob {
  id: string;
  /** `succeeded`, `failed` or `canceled`. Render tells no exit code. */
  status: string;
  lines: readonly string[];
}

const ENDED = new Set(['succeeded', 'failed', 'canceled']);
/** Lines arrive after the job's end; so many looks are taken until `enough` are there, or nothing new comes. */
const LATE_LOOKS = 4;
/** The clock of this machine may be ahead of Render's. */
const CLOCK_MS = 60_000;
const CANCEL_MS = 10_000;

/**
 * Runs a command as a one-off job: a container of its own, with the service's latest good build and its variables. Its lines
 * are told as they come.
 *
 * @param enough whether these lines are all that is needed: the log of an ended job can be late
 * @throws Problem render-job-interrupted when the step is stopped: the job is cancelled then
 */
export async function runJob(
  client: RenderClient,
  service: Service,
  command: string,
  { context, plan, line, enough = () => true }: JobOptions,
): Promise<EndedJob> {
  const created = await client.change(createJob(service.id, command, plan), jobAnswer);
  if (!created) throw noJob(command);
  const began = Date.parse(created.createdAt ?? '');
  const since = (Number.isNaN(began) ? Date.now() : began) - CLOCK_MS;
  const more = followLogs(client, { owner: service.ownerId, resource: created.id, since });
  const lines: string[] = [];
  const listen = async (): Promise<number> => {
    const fresh = await more();
    for (const { message } of fresh) {
      lines.push(message);
      line(message);
    }
    return fresh.length;
  };
  let now: Job = created;
  try {
    for (let n = 0; !ENDED.has(now.status ?? ''); n += 1) {
      await pause(pollDelay(context.env, n), context.signal);
      context.signal.throwIfAborted();
      context.progress({ job: now.id, status: now.status ?? 'pending' });
      now = await client.read(jobRequest(service.id, now.id), jobAnswer);
      await listen();
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw await interrupted(service, now, context);
  }
  for (let n = 0; n < LATE_LOOKS; n += 1) {
    const fresh = await listen();
    if (fresh === 0 && lines.length > 0 && enough(lines)) break;
    await pause(pollDelay(context.env, n), context.signal);
  }
  return { id: now.id, status: now.status ?? '', lines };
}

interface JobOptions {
  context: TaskContext;
  plan?: string;
  line(text: string): void;
  enough?(lines: readonly string[]): boolean;
}

/**
 * Commands as one-off jobs, for tasks that run programs. Output and errors of a job are one log, and no exit code is told: a
 * job that failed has exit code 1.
 */
export function jobExec(client: RenderClient, service: Service, context: TaskContext): Exec {
  return async (command, options = {}) => {
    const began = performance.now();
    const line = (text: string): void => {
      if (!options.quiet) context.say(text);
      options.onLine?.(text, 'stdout');
    };
    const signal = options.signal ?? context.signal;
    const { id, status, lines } = await runJob(
      client,
      service,
      startCommand(shellLine([command.file, ...command.args])),
      {
        context: { ...context, signal },
        line,
      },
    );
    const text = lines.join('\n');
    context.say(`${id}: ${status}`);
    return {
      code: status === 'succeeded' ? 0 : 1,
      signal: null,
      stdout: text,
      stderr: text,
      timedOut: false,
      stopped: status === 'canceled',
      ms: performance.now() - began,
      survivors: [],
    };
  };
}

/** Left alone it would run to its end; it is told to stop, with a signal of its own. */
async function interrupted(service: Service, job: Job, context: TaskContext): Promise<Problem> {
  const client = renderClient({ ...context, signal: AbortSignal.timeout(CANCEL_MS) });
  const cancelled = await client.change(cancelJob(service.id, job.id), jobAnswer).then(
    () => true,
    () => false,
  );
  const how = context.signal.reason === 'timeout' ? 'ran out of time' : 'was stopped';
  return new Problem(
    {
      code: 'render-job-interrupted',
      what: `This step ${how} while ${job.id} was ${job.status ?? 'pending'}.`,
      means: cancelled
        ? 'The job was cancelled; what it had done by then stays done.'
        : 'The job may still run: it could not be cancelled.',
      next: ['look at the service’s Jobs page before this is run again'],
    },
    EXIT.failed,
  );
}

function noJob(command: string): Problem {
  return new Problem(
    {
      code: 'render-job-unseen',
      what: `Render accepted the job and did not say which one it is: ${command}`,
      means: 'It may run. Nothing is known of its end.',
      next: ['look at the service’s Jobs page before this is run again'],
    },
    EXIT.failed,
  );
}
