/** What no POSIX shell reads as anything but itself. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word of a POSIX shell's command line that stands for exactly `text`. */
export function shellQuote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line for a POSIX shell that runs exactly `words`. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
