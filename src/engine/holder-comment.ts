import * as z from 'zod';
import { createSanitizer } from '../exec/sanitize.ts';
import type { Holder } from '../journal/records.ts';

/**
 * Who holds a lock, written as a comment into the holder's last statement: PostgreSQL shows it to others in
 * `pg_stat_activity`, for as long as the session lives and no longer. No secret is ever in it.
 */

/** PostgreSQL keeps 1024 bytes of a statement unless it is told otherwise (`track_activity_query_size`). */
const LONGEST_BYTES = 900;

/** Longest part of a name or a title, in characters; halved until the comment fits. */
const LONGEST_FIELD = 120;

const SHAPE = z.object({
  run: z.string(),
  operator: z.string(),
  host: z.string(),
  from: z.string().optional(),
  since: z.string(),
  pid: z.number(),
  step: z.string().optional(),
});

/**
 * The comment for a statement: JSON in ASCII that cannot end the comment, nor begin another. Pure.
 *
 * @returns at most 900 bytes; what is too long is cut with `…`, but for the run's id, which a taker has to type
 */
export function holderComment(holder: Holder): string {
  for (let longest = LONGEST_FIELD; ; longest = Math.floor(longest / 2)) {
    const cut = Object.fromEntries(
      Object.entries(holder).map(([name, value]) => [name, name === 'run' ? value : shorten(value, longest)]),
    );
    const comment = `/* tejun ${inAscii(JSON.stringify(cut))} */`;
    if (comment.length <= LONGEST_BYTES || longest === 0) return comment;
  }
}

/**
 * The holder that a statement's comment names; undefined when it has none, or one that was cut or is not tejun's. What
 * another wrote is only text: control characters are taken out. Pure.
 */
export function readHolder(statement: string): Holder | undefined {
  const json = /^\/\* tejun (\{[^*]*\}) \*\//.exec(statement)?.[1];
  if (json === undefined) return undefined;
  try {
    const { from, step, ...rest } = SHAPE.parse(
      JSON.parse(json, (_, value) => (typeof value === 'string' ? clean(value) : value)),
    );
    return { ...rest, ...(from === undefined ? {} : { from }), ...(step === undefined ? {} : { step }) };
  } catch {
    return undefined;
  }
}

function shorten(value: string | number, longest: number): string | number {
  if (typeof value === 'number') return value;
  const characters = [...value];
  return characters.length <= longest ? value : `${characters.slice(0, longest).join('')}…`;
}

/** `*` and `/` would end a comment or nest one; the database's encoding may lack anything else. */
function inAscii(json: string): string {
  return json.replace(/[*/\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function clean(text: string): string {
  return createSanitizer().push(text).replaceAll('\n', ' ');
}
