import { patternsOf } from '../../src/secrets/patterns.ts';

/** What the redactor must do, in the plainest way: every pattern at every place, on the whole text at once. */
export function slowRedact(text: string, secrets: Readonly<Record<string, string>>): string {
  const patterns = new Map(
    Object.entries(secrets)
      .reverse()
      .flatMap(([name, value]) => patternsOf(name, Buffer.from(value)))
      .map((pattern) => [pattern.text, pattern]),
  );
  const views = [visible(text, false), visible(text, true)];
  const spans: { start: number; end: number; name: string }[] = [];
  for (const view of views) {
    const solid = view.filter(({ char }) => !/[\r\n]/.test(char));
    const shadow = solid.map(({ char }) => char).join('');
    for (const pattern of patterns.values()) {
      for (let at = shadow.indexOf(pattern.text); at >= 0; at = shadow.indexOf(pattern.text, at + 1)) {
        const start = solid[at]?.index ?? 0;
        const end = (solid[at + pattern.text.length - 1]?.index ?? 0) + 1;
        const left = view.findLast(({ index }) => index < start)?.char ?? ' ';
        const right = view.find(({ index }) => index >= end)?.char ?? ' ';
        const touched = (/\w/.test(left) && /^\w/.test(pattern.text)) || (/\w/.test(right) && /\w$/.test(pattern.text));
        if (!pattern.wholeToken || !touched) spans.push({ start, end, name: pattern.name });
      }
    }
  }
  spans.sort((one, other) => one.start - other.start || other.end - one.end);
  let out = '';
  let at = 0;
  let masked = 0;
  for (const { start, end, name } of spans) {
    if (start >= masked) out += `${text.slice(at, start)}[${name}]`;
    masked = Math.max(masked, end);
    at = masked;
  }
  return out + text.slice(at);
}

/** The units of `text` with their index; without its escape sequences when `escapes` is false. */
function visible(text: string, escapes: boolean): { char: string; index: number }[] {
  const hidden = new Set<number>();
  if (!escapes) {
    for (const match of text.matchAll(/\x1b\[[0-9;]*[A-Za-z]|\x1b\][^\x07\x1b]*\x07/g)) {
      for (let index = match.index; index < match.index + match[0].length; index += 1) hidden.add(index);
    }
  }
  return text
    .split('')
    .map((char, index) => ({ char, index }))
    .filter(({ index }) => !hidden.has(index));
}
