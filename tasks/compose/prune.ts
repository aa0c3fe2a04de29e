import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import type { Task, TaskContext } from '../task.ts';
import { inspect, listAllContainers, listImages, pruneImages } from './commands.ts';
import { inspected } from './containers.ts';
import { goes, type Image, imageRow, reclaimedSpace, removedIds } from './images.ts';
import { ask, linesOf, parseRows } from './reading.ts';
import { refusal } from './refusal.ts';

const AGE = /^(\d+(?:\.\d+)?h)$/;

const input = z.strictObject({ until: z.string().regex(AGE, 'an age in hours, such as 168h').default('168h') });

/** The ages that are offered beside the runbook's own: a day, a week, thirty days. */
const AGES = ['24h', '168h', '720h'];

/** Removes images that no container uses and that are older than an age; says which before. */
export const composePrune: Task<z.infer<typeof input>> = {
  name: 'compose/prune',
  input,
  effect: 'destroy',
  describe: ({ until }) =>
    [listImages(), listAllContainers(), inspect(['CONTAINER…']), pruneImages(until)].map(asTyped),
  async choose({ until }, context) {
    const found = await look(context);
    const ages = [...new Set([until, ...AGES])].toSorted((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
    return {
      field: 'until',
      options: ages.map((age) => {
        const images = goes(found.images, found.used, hours(age), new Date());
        return {
          value: age,
          label: `older than ${age}: ${images.length} image${images.length === 1 ? '' : 's'}`,
          ...(images.length === 0 ? {} : { detail: images.map(name).join(', ') }),
        };
      }),
      suggested: ages.indexOf(until),
      warning: { kind: 'compose-prune' },
    };
  },
  async run({ until }, context) {
    const { images, used } = await look(context);
    const wanted = goes(images, used, hours(until), new Date());
    for (const image of wanted) context.say(`goes: ${name(image)}`);
    const command = pruneImages(until);
    const exit = await context.exec(command);
    if (exit.code !== 0) {
      return {
        outcome: 'failed',
        summary: 'the images were not removed',
        ...(exit.code === null ? {} : { exit: exit.code }),
        problem: refusal(command, exit, context.signal),
      };
    }
    const gone = removedIds(exit.stdout);
    const removed = images.filter(({ id }) => gone.has(id)).map(({ id, image, size }) => ({ image, id, size }));
    const reclaimed = reclaimedSpace(exit.stdout);
    return {
      outcome: 'passed',
      summary: `${removed.length} image${removed.length === 1 ? '' : 's'} removed · ${reclaimed} reclaimed`,
      evidence: { until, removed, reclaimed },
      text: exit.stdout,
    };
  },
};

async function look(context: TaskContext): Promise<{ images: Image[]; used: ReadonlySet<string> }> {
  const images = parseRows(imageRow, listImages(), await ask(context, listImages()));
  const ids = linesOf(await ask(context, listAllContainers()));
  if (ids.length === 0) return { images, used: new Set() };
  const command = inspect(ids);
  const containers = parseRows(inspected, command, await ask(context, command));
  return { images, used: new Set(containers.map(({ imageId }) => imageId)) };
}

function hours(age: string): number {
  return Number.parseFloat(age);
}

function name({ image, id, size }: Image): string {
  return `${image === '<none>:<none>' ? id.replace(/^sha256:/, '').slice(0, 12) : image} (${size})`;
}
