import { visible } from '../journal/visible.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of the journal, which may be anybody's, as text of a page. Pure. */
export function text(value: string): string {
  return visible(value, { lines: true }).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
