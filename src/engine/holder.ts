import type { Holder } from '../journal/records.ts';

/** Who holds a lock, in words: who, since when, from where, at which step. Pure. */
export function describeHolder({ operator, since, host, from, run, step }: Holder): string {
  const where = from === undefined ? `on ${host}` : `on ${host} from ${from}`;
  return `${operator} since ${since.slice(0, 16).replace('T', ' ')} UTC, ${where}, run ${run}${step === undefined ? '' : `, at “${step}”`}`;
}
