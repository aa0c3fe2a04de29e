/** Text of a journal, which may be anybody's: nothing in it acts on a terminal or a page, or hides in it. Pure. */

/** Control, format and line-separating characters as `\u{…}`; a line break is left where `lines` allows it. */
export function visible(text: string, { lines = false }: { lines?: boolean } = {}): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    lines && char === '\n' ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
