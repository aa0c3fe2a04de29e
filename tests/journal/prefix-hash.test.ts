import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PrefixHash } from '../../src/journal/prefix-hash.ts';

it('gives the SHA-512 of what came before the mark, wherever the pieces lie in memory', () => {
  const piece = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const together = Buffer.concat(pieces.map(([bytes]) => bytes));
      const hash = new PrefixHash();
      let [at, marked] = [0, 0];
      for (const [bytes, isApart, isMarked] of pieces) {
        const end = at + bytes.length;
        hash.update(isApart ? Uint8Array.from(bytes) : together.subarray(at, end));
        at = end;
        if (!isMarked) continue;
        hash.mark();
        marked = at;
      }
      if (!pieces.some(([, , isMarked]) => isMarked)) return;
      const expected = createHash('sha512').update(together.subarray(0, marked)).digest('hex');
      expect(hash.digestAtMark().toString('hex')).toBe(expected);
    }),
  );
});
