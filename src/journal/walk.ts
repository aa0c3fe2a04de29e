/** One walk along the lines of a journal, for reading, recovering and verifying alike. */
import { CHAIN_START, type ChainEnd, type Chained, checkLine, type Foresee } from './chain.ts';
import { beginsLikeRecord, isTorn } from './torn.ts';

/** What comes after the last good line. */
export type Ending =
  | { kind: 'whole' }
  /** One line that was being written when the writer or the power went. */
  | { kind: 'torn'; tail: Buffer }
  /** Record `at` does not fit, and not in the way of a crash. */
  | { kind: 'broken'; at: number; reason: string }
  /** It is no journal at all. */
  | { kind: 'foreign' };

/** A torn tail is a part of one line; more lines than this are damage, whatever they hold. */
const MOST_TORN_LINES = 2;

/**
 * Gives every good line to `visit`, with the end of the chain after it, until the lines end or one does not fit.
 */
export function walkChain(
  lines: Iterable<Uint8Array>,
  visit: (line: Chained, end: ChainEnd) => void,
  foresee?: Foresee,
): { end: ChainEnd; ending: Ending } {
  let end = CHAIN_START;
  let reason: string | undefined;
  const rest: Uint8Array[] = [];
  for (const line of lines) {
    if (reason === undefined) {
      const checked = checkLine(line, end, foresee);
      if (checked.ok) {
        end = checked.end;
        visit(checked.line, end);
        continue;
      }
      reason = checked.reason;
    }
    rest.push(line);
    if (rest.length > MOST_TORN_LINES) break;
  }
  const tail = Buffer.concat(rest);
  if (end.seq === 0 && !beginsLikeRecord(tail)) return { end, ending: { kind: 'foreign' } };
  if (reason === undefined) return { end, ending: { kind: 'whole' } };
  if (isTorn(tail)) return { end, ending: { kind: 'torn', tail } };
  return { end, ending: { kind: 'broken', at: end.seq, reason } };
}
