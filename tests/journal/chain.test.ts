import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, type ChainEnd, checkChain, checkLine, hashLine, serialise } from '../../src/journal/chain.ts';
import { linesOf } from '../../src/journal/lines.ts';
import type { Entry } from '../../src/journal/records.ts';
import { begin, note } from './a-journal.ts';

const AT = '2026-11-22T05:29:30.123Z';

function link(entries: readonly Entry[]): Buffer[] {
  let prev = CHAIN_START.head;
  return entries.map((entry, seq) => {
    const line = serialise(entry, { seq, at: AT, mono: seq, prev });
    prev = hashLine(line);
    return Buffer.from(line);
  });
}

const json = fc.jsonValue({ maxDepth: 3 });

describe('the chain', () => {
  it('gives back what was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), json), { maxLength: 6 }), (notes) => {
        const entries = [begin(), ...notes.map(([text, inputs]) => ({ ...note(text), inputs }) as Entry)];
        const lines = link(entries);
        const checked = checkChain(linesOf(Buffer.concat(lines)));
        expect(checked.ok && checked.records.map((record) => record.type)).toEqual(entries.map(({ type }) => type));
        if (!checked.ok) return;
        for (const [index, record] of checked.records.entries())
          expect(`${JSON.stringify(record)}\n`).toBe(lines[index]?.toString());
      }),
    );
  });

  it('writes no half of a surrogate pair: jq refuses a whole line for one', () => {
    const line = serialise(note('a\ud800b'), { seq: 1, at: AT, mono: 0, prev: 'x' });
    expect(JSON.parse(line).text).toBe('a\ufffdb');
  });

  it('lets no entry choose its own place', () => {
    const forged = Object.assign(note('x'), { seq: 9, prev: 'mine' });
    expect(JSON.parse(serialise(forged, { seq: 1, at: AT, mono: 0, prev: 'p' }))).toMatchObject({ seq: 1, prev: 'p' });
  });

  it('finds the first line that was changed, at the place after it, or at itself when it no longer fits', () => {
    const lines = link([begin(), note('a'), note('b'), note('c')]);
    fc.assert(
      fc.property(fc.nat(2), fc.nat(1000), fc.integer({ min: 1, max: 255 }), (which, offset, flip) => {
        const changed = lines.map((line) => Buffer.from(line));
        const line = changed[which] ?? Buffer.alloc(1);
        line[offset % line.length] = (line[offset % line.length] ?? 0) ^ flip;
        const checked = checkChain(linesOf(Buffer.concat(changed)));
        expect(checked.ok).toBe(false);
        if (!checked.ok) expect([which, which + 1]).toContain(checked.at);
      }),
    );
  });

  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = link([begin(), note('a')]);
  const after: ChainEnd = { seq: 1, head: hashLine(first), bytes: first.length };
  const text = second.toString();
  it.each([
    ['without its newline', text.slice(0, -1), after, 'it has no newline at its end'],
    ['that is not JSON', 'hello\n', after, 'it is not JSON'],
    ['that is not UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x0a]), after, 'it is not JSON'],
    ['that is no record', '{"a":1}\n', after, 'it is not a record of a journal'],
    ['with spare spaces', text.replace(',', ', '), after, 'it is not written in the one form that a journal uses'],
    [
      'with a key twice',
      text.replace('{', '{"seq":1,'),
      after,
      'it is not written in the one form that a journal uses',
    ],
    ['in another place', text, { ...after, seq: 2 }, 'it is numbered 1, expected 2'],
    ['after another line', text, { ...after, head: 'f' }, 'its `prev` is not the hash of the line before it'],
    ['that begins without `begin`', link([note('a')])[0] ?? '', CHAIN_START, 'it is not a `begin` record'],
    ['that begins again', link([begin(), begin()])[1] ?? '', after, 'it is a second `begin` record'],
  ])('refuses a line %s', (_, line, end, reason) => {
    expect(checkLine(Buffer.from(line as string), end)).toEqual({ ok: false, reason });
  });
});
