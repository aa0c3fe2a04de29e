import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext, TaskResult } from '../task.ts';
import { type Deploy, deployAnswer, deployItem, type Service } from './answers.ts';
import { pause, type RenderClient } from './client.ts';
import { failureOf, inWords, liveOf, standing } from './deploy-states.ts';
import { readLogs } from './log-reading.ts';
import { deploy as deployRequest, deploys as deploysRequest } from './requests.ts';
import { pollDelay } from './waiting.ts';

/** Of the list of deploys; a rollback is offered among these. */
export const RECENT_DEPLOYS = 50;
/** A deploy that was queued (202, no body) appears in the list soon. */
const APPEARS_IN_POLLS = 20;
const LOG_LINES = 20;

export async function recentDeploys(client: RenderClient, serviceId: string): Promise<Deploy[]> {
  const items = await client.list(deploysRequest(serviceId), deployItem, RECENT_DEPLOYS);
  return items.map(({ deploy }) => deploy);
}

/** The deploy that was queued with an answer without a body: the newest that was not there before. */
export async function queuedDeploy(
  client: RenderClient,
  service: Service,
  before: readonly Deploy[],
  context: TaskContext,
): Promise<Deploy> {
  const known = new Set(before.map(({ id }) => id));
  for (let n = 0; n < APPEARS_IN_POLLS && !context.signal.aborted; n += 1) {
    const fresh = (await recentDeploys(client, service.id)).filter(({ id }) => !known.has(id));
    const newest = fresh.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
    if (newest) return newest;
    await pause(pollDelay(context.env, n), context.signal);
  }
  throw new Problem(
    {
      code: 'render-deploy-unseen',
      what: 'Render queued the deploy, and it did not appear in the list of deploys.',
      means: 'It may still begin: another one is under way, or Render is slow.',
      next: ['look at the service’s Events page before this is run again'],
    },
    EXIT.failed,
  );
}

/** Follows a deploy to its end and tells what runs now. */
export async function followDeploy(
  client: RenderClient,
  service: Service,
  begun: Deploy,
  before: readonly Deploy[],
  context: TaskContext,
): Promise<TaskResult> {
  const began = performance.now();
  let now = begun;
  let said = '';
  try {
    for (let n = 0; ; n += 1) {
      if (now.status !== said) context.say(`${now.id}: ${now.status}`);
      said = now.status;
      context.progress({ deploy: now.id, status: now.status });
      if (standing(now) !== 'going') break;
      await pause(pollDelay(context.env, n), context.signal);
      context.signal.throwIfAborted();
      now = await client.read(deployRequest(service.id, now.id), deployAnswer);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return interrupted(service, now, context.signal);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const previous = liveOf(before);
  const evidence = {
    service: service.id,
    deploy: now.id,
    status: now.status,
    commit: now.commit?.id ?? null,
    previous: previous?.id ?? null,
    seconds,
  };
  if (standing(now) === 'live') {
    return { outcome: 'passed', summary: `${inWords(now)} is live after ${seconds} s`, evidence };
  }
  const failure = failureOf(now);
  if (!failure) {
    return {
      outcome: 'failed',
      summary: `${now.id} was live and is replaced already`,
      evidence,
      problem: {
        code: 'render-deploy-replaced',
        what: `${now.id} went live, and another deploy has already taken its place.`,
        means: 'What runs now is not what this step deployed: somebody else deploys, or auto-deploy does.',
        next: ['look at the service’s events', 'turn auto-deploy off for the time of this runbook'],
      },
    };
  }
  await showLog(client, service, now, context);
  return {
    outcome: 'failed',
    summary: `${now.id}: ${now.status}`,
    evidence,
    problem: {
      code: failure.code,
      what: `${failure.what} (${now.id}).`,
      means: previous
        ? `The version before it goes on serving: ${inWords(previous)}. A variable that it lacks, or code that cannot start, is the usual reason.`
        : 'Nothing serves: there was no live version before it.',
      next: ['read its last log lines (l)', 'mend it and deploy again; what serves now is untouched'],
    },
  };
}

/** The last lines that the failed deploy left behind. */
async function showLog(client: RenderClient, service: Service, failed: Deploy, context: TaskContext): Promise<void> {
  const lines = await readLogs(
    client,
    {
      owner: service.ownerId,
      resource: service.id,
      start: failed.createdAt,
      direction: 'backward',
      ...(failed.status === 'build_failed' ? { type: 'build' as const } : {}),
    },
    LOG_LINES,
  ).catch(() => []);
  for (const { message } of lines) context.say(`  ${message}`);
}

function interrupted(service: Service, now: Deploy, signal: AbortSignal): TaskResult {
  const how = signal.reason === 'timeout' ? 'ran out of time' : 'was stopped';
  return {
    outcome: 'failed',
    summary: `${how} while ${now.id} was ${now.status}`,
    evidence: { service: service.id, deploy: now.id, status: now.status },
    problem: {
      code: 'render-deploy-interrupted',
      what: `This step ${how} while ${now.id} was ${now.status}.`,
      means: 'The deploy goes on at Render: only the watching ended.',
      next: ['look at the service’s events', `to end it: POST /services/${service.id}/deploys/${now.id}/cancel`],
    },
  };
}
