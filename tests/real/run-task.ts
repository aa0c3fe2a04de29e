import { atPlace } from '../../src/exec/place.ts';
import { createExec } from '../../src/exec/run.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { taskFor } from '../../tasks/registry.ts';
import type { TaskResult } from '../../tasks/task.ts';
import { contextFor } from '../tasks/context.ts';

export interface At {
  env: Readonly<Record<string, string>>;
  cwd: string;
  values?: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  /** `on=compose:SERVICE`. */
  service?: string;
}

/** Runs a task as a step of a run would: its input read first, its commands where `service` says. */
export async function runTask(at: At, uses: string, input: Record<string, unknown>): Promise<TaskResult> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  const { env, cwd, values = {}, service } = at;
  const real = createExec({ redactor: createRedactor(), env, cwd, graceMs: 2000 });
  const place = service === undefined ? ({ kind: 'local' } as const) : ({ kind: 'compose', service } as const);
  const context = contextFor({
    ...{ env, cwd, values, timeoutMs: 60_000 },
    ...(at.secrets ? { secrets: at.secrets } : {}),
    exec: (command, options) => real(atPlace(place, command, values), options),
  });
  try {
    return await task.run(task.input.parse(input), context);
  } catch (error) {
    const { detail } = error as { detail?: NonNullable<TaskResult['problem']> };
    if (!detail) throw error;
    return { outcome: 'failed', summary: detail.what, problem: detail };
  }
}
