/**
 * Runs at most `count` pieces of work at a time; the others wait for their turn, in the order in which they came.
 *
 * @returns what runs a piece of work when a lane is free, and gives what it gives
 */
export function lanes(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((turn) => waiting.push(turn));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
