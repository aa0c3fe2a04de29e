/**
 * Splits a command into words by POSIX quoting, without a shell: no variables, no operators. Undefined for a quote that is
 * not closed. Pure.
 */
export function words(command: string): string[] | undefined {
  const found: string[] = [];
  let word: string | undefined;
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(['"\\])/gs;
  for (const [whole, single, double, escaped, plain, open] of command.matchAll(token)) {
    if (open !== undefined) return undefined;
    if (/^\s/.test(whole) && escaped === undefined) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '');
  }
  return word === undefined ? found : [...found, word];
}
