import { setTimeout as sleep } from 'node:timers/promises';
import { DockerError } from '../call.ts';
import { type FlagSpec, flagOf, isSet, type Words } from '../flags.ts';
import type { Container } from '../model.ts';

/** Flags that `docker logs` and `docker compose logs` share. */
export const LOG_FLAGS: readonly FlagSpec[] = [
  { long: 'follow', short: 'f' },
  { long: 'tail', short: 'n', value: true },
  { long: 'since', value: true },
  { long: 'until', value: true },
  { long: 'timestamps', short: 't' },
];

/** The lines that the flags ask for; `--tail` counts for this container alone. */
export function linesOf(container: Container, words: Words): { text: string; stream: 'stdout' | 'stderr' }[] {
  const since = moment(flagOf(words, 'since'), 'since') ?? 0;
  const until = moment(flagOf(words, 'until'), 'until') ?? Number.POSITIVE_INFINITY;
  const within = container.logs.filter(({ at }) => at.getTime() >= since && at.getTime() <= until);
  const tail = flagOf(words, 'tail') ?? 'all';
  const kept = /^\d+$/.test(tail) ? within.slice(Math.max(0, within.length - Number(tail))) : within;
  return kept.map(({ at, text, stream }) => ({
    text: isSet(words, 'timestamps') ? `${at.toISOString()} ${text}` : text,
    stream,
  }));
}

const LOOK_EVERY_MS = 200;

/** Gives each line that comes from now on, until the caller has gone: `-f` never ends by itself. */
export async function followLines(
  containers: readonly Container[],
  gone: AbortSignal,
  print: (container: Container, text: string) => void,
): Promise<void> {
  const seen = new Map(containers.map((container) => [container, container.logs.at(-1)]));
  while (!gone.aborted) {
    for (const container of containers) {
      const last = seen.get(container);
      const from = last === undefined ? 0 : container.logs.indexOf(last) + 1;
      for (const { text } of container.logs.slice(from)) print(container, text);
      seen.set(container, container.logs.at(-1));
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: gone }).catch(() => {});
  }
}

/** A time, or an age: `168h`, `10m`. */
function moment(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (/^(?:\d+(?:\.\d+)?[hms])+$/.test(text)) {
    const units = { h: 3_600_000, m: 60_000, s: 1000 } as const;
    return (
      Date.now() - parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit as 'h' | 'm' | 's'], 0)
    );
  }
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new DockerError(`invalid value for "${flag}": failed to parse value as time or duration: "${text}"`);
  return time;
}
