import { expect, test } from 'vitest';
import { lanes } from '../../src/engine/lanes.ts';

test('never more than so many at a time, in order, also after one that threw', async () => {
  const inLane = lanes(2);
  const began: number[] = [];
  let running = 0;
  let most = 0;
  const work = (index: number) =>
    inLane(async () => {
      began.push(index);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (index === 1) throw new Error('one of them');
      return index;
    });
  const ends = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  expect(began).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
