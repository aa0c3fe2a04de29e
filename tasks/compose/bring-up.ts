import { cutShort } from '../cut-short.ts';
import type { TaskContext, TaskResult } from '../task.ts';
import { type Aftermath, evidenceOf, explain, findOut, summarize } from './aftermath.ts';
import { serviceRows } from './ailments.ts';
import { build, up } from './commands.ts';
import { type Container, readContainers, readServices } from './containers.ts';
import type { Project } from './project.ts';
import { lastWord, refusal } from './refusal.ts';
import { settle } from './settle.ts';
import { watchContainers } from './watch.ts';

/** Longest look at what is left after it was cut short: someone waits for the answer. */
const AFTERMATH_MS = 4_000;

export interface BringUp {
  /** All of the file when empty. */
  services: readonly string[];
  mayExit: readonly string[];
  /** Build images first. */
  build?: boolean;
  recreate?: boolean;
  /** Seconds. */
  waitTimeout: number;
}

/** Builds, runs `up`, shows the containers while it runs, and finds out what is true afterwards. */
export async function bringUp(project: Project, how: BringUp, context: TaskContext): Promise<TaskResult> {
  const before = await readContainers(context, project);
  const services = how.services.length > 0 ? how.services : await readServices(context, project);
  const built = how.build ? await buildImages(project, how.services, context) : undefined;
  if (built) return built;
  const command = up(project, how.services, how);
  const stopWatching = watchContainers(context, project, services);
  const exit = await context.exec(command).finally(stopWatching);
  const cut = cutShort(exit, context.signal);
  const after = cut
    ? await readContainers(context, project, { signal: new AbortController().signal, timeoutMs: AFTERMATH_MS }).catch(
        nothingRead,
      )
    : await settle(context, project, { services, mayExit: how.mayExit }, exit.code === 0 ? how.waitTimeout : 0).catch(
        nothingRead,
      );
  const aftermath: Aftermath = { services, mayExit: how.mayExit, before, after, at: new Date() };
  const finding = findOut(exit, aftermath, cut);
  if (after) context.progress({ services: serviceRows(after, services) });
  return {
    outcome: finding === 'healthy' ? 'passed' : 'failed',
    summary: summarize(finding, aftermath, cut),
    evidence: evidenceOf(aftermath),
    ...(exit.code === null ? {} : { exit: exit.code }),
    ...(exit.signal === null ? {} : { signal: exit.signal }),
    text: exit.stdout,
    ...(finding === 'healthy'
      ? {}
      : { problem: explain(finding, { command, exit, aftermath, signal: context.signal }) }),
  };
}

/** Gives a result only when it failed. */
async function buildImages(
  project: Project,
  services: readonly string[],
  context: TaskContext,
): Promise<TaskResult | undefined> {
  const command = build(project, services);
  const exit = await context.exec(command);
  if (exit.code === 0) return undefined;
  const refused = refusal(command, exit, context.signal);
  const ours = refused.code === 'compose-failed';
  return {
    outcome: 'failed',
    summary: 'the images were not built',
    ...(exit.code === null ? {} : { exit: exit.code }),
    problem: {
      ...refused,
      ...(ours ? { code: 'compose-build-failed', what: `The build failed: ${lastWord(exit) ?? 'no word why'}` } : {}),
      means: 'The containers are the ones that ran before.',
    },
  };
}

function nothingRead(): Container[] | undefined {
  return undefined;
}
