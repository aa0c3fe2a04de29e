/** Room for one line on a screen; a longer one is in the step's output. */
const LONGEST = 200;

/** The last line of an output that says anything, by which most programs tell why they ended; undefined when there is none. Pure. */
export function lastLine(output: string): string | undefined {
  return output
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim()
    .slice(0, LONGEST);
}
