import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSanitizer } from '../../src/exec/sanitize.ts';

function sanitized(...chunks: readonly string[]): string {
  const sanitizer = createSanitizer();
  return chunks.map((chunk) => sanitizer.push(chunk)).join('');
}

describe('what a terminal would obey is taken out', () => {
  test.each([
    ['plain text, tabs and line feeds stay', 'a\tb\n手順 é 🚀\n', 'a\tb\n手順 é 🚀\n'],
    ['colours', '\x1b[1;31mred\x1b[0m \x1b[38;5;12mblue\x1b[m', 'red blue'],
    ['cursor movements and clearing', '\x1b[2J\x1b[1;1Ha\x1b[Kb\x1b[?25l', 'ab'],
    ['a title', '\x1b]0;owned\x07text', 'text'],
    ['the clipboard (OSC 52), ended by BEL', 'x\x1b]52;c;cm0gLXJm\x07y', 'xy'],
    ['the clipboard (OSC 52), ended by ST', 'x\x1b]52;c;cm0gLXJm\x1b\\y', 'xy'],
    ['a link keeps its text', '\x1b]8;;http://evil/\x1b\\docs\x1b]8;;\x1b\\', 'docs'],
    ['an OSC that never ends stops with its line', 'a\x1b]0;hidden\nb', 'a\nb'],
    ['an OSC that is cut short by another sequence', '\x1b]0;t\x1b[31mred', 'red'],
    ['DCS, APC, PM and SOS', 'a\x1bPq#0\x1b\\b\x1b_x\x1b\\c\x1b^x\x1b\\d\x1bXx\x1b\\e', 'abcde'],
    ['8-bit CSI and OSC', 'a\x9b31mb\x9d52;c;QQ==\x9cc\x9d0;t\x07d', 'abcd'],
    ['character sets and other short ones', '\x1b(Ba\x1b=b\x1b7c\x1bcd', 'abcd'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c\u2069d\u200fe\u061cf', 'abcdef'],
    ['other controls', 'a\0b\x07c\x08d\x0be\x0cf\x7fg\x84h', 'abcdefgh'],
    ['CR LF is one line break', 'a\r\nb', 'a\nb'],
    ['progress over the same line becomes lines', '10%\r20%\r30%\n', '10%\n20%\n30%\n'],
    ['Unicode’s own line breaks', 'a\u2028b\u0085c', 'a\nb\nc'],
    ['CSI with an impossible end', 'a\x1b[31\nb', 'a\nb'],
    ['two escapes in a row', 'a\x1b\x1b[1mb', 'ab'],
  ])('%s', (_, text, shown) => {
    expect(sanitized(text)).toBe(shown);
    // The same wherever it is cut.
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(sanitized(text.slice(0, cut), text.slice(cut))).toBe(shown);
    }
  });

  test('a string that is too long to be one is shown again', () => {
    expect(sanitized(`\x1b]0;${'x'.repeat(5000)}end`)).toMatch(/^x{500,1000}end$/);
  });

  test('nothing that is left means anything to a terminal, however it is cut', () => {
    const piece = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'P',
      '\\',
      '\x07',
      '\x9b',
      '\x9d',
      '\x9c',
      '3',
      ';',
      'm',
      '\n',
      '\r',
      '\u202e',
      'é',
      'a',
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 8 }), { maxLength: 8 }), (drafts) => {
        const chunks = drafts.map((parts) => parts.join(''));
        const shown = sanitized(...chunks);
        expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        expect(shown).toBe(sanitized(chunks.join('')));
      }),
      { numRuns: 3000 },
    );
  });
});
