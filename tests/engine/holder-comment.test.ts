import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holderComment, readHolder } from '../../src/engine/holder-comment.ts';
import type { Holder } from '../../src/journal/records.ts';

const alice: Holder = {
  run: '20261122-0529-k3',
  operator: 'alice@ops',
  host: 'ops',
  from: '203.0.113.7',
  since: '2026-11-22T05:29:00.000Z',
  pid: 4711,
  step: '本番へデプロイ',
};

describe('the comment that names a holder', () => {
  test('is read back as it was written', () => {
    expect(readHolder(`${holderComment(alice)} select 1`)).toEqual(alice);
  });

  test('can neither end early nor begin another comment, and fits where PostgreSQL keeps it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom('*/ drop table x; --', '/* /*'),
    );
    fc.assert(
      fc.property(text, text, text, (operator, host, step) => {
        const comment = holderComment({ ...alice, operator, host, step });
        expect(comment.slice(2, -2)).not.toMatch(/\*|\//);
        expect(comment).toMatch(/^[ -~]*$/);
        expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(900);
        expect(readHolder(comment)?.run).toBe(alice.run);
      }),
    );
  });

  test('a short one keeps every character that can be shown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), (step) => {
        expect(readHolder(holderComment({ ...alice, step }))?.step).toBe(step);
      }),
    );
  });

  test('control sequences that somebody put there do not reach a terminal', () => {
    const step = 'a\u001b]52;c;aGk=\u0007b\u202ec\n';
    expect(readHolder(holderComment({ ...alice, step }))?.step).toBe('abc ');
  });

  const others: [string, string][] = [
    ['another program’s statement', 'select 1'],
    ['one that may not be seen', '<insufficient privilege>'],
    ['a comment that was cut off', holderComment(alice).slice(0, 80)],
    ['JSON of another shape', '/* tejun {"run":1} */'],
    ['a comment further on', `select 1 ${holderComment(alice)}`],
  ];
  test.each(others)('%s names nobody', (_, statement) => expect(readHolder(statement)).toBeUndefined());
});
