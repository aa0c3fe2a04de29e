import { Problem } from '../src/problem.ts';

/** The problem that something ends in; fails the test when there is none, or another error. */
export function refusal(make: () => unknown): Problem {
  try {
    make();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
