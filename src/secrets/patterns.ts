import { encodingsOf } from './encodings.ts';
import { secretPiecesOfUrl } from './url-pieces.ts';

/** Masked wherever it stands from this length on; a shorter one only as a whole token. */
export const SHORTEST_ANYWHERE = 8;
/** Shorter than this, masking would hide ordinary letters (actions/runner #326). */
export const SHORTEST_TOKEN = 4;

/** A long secret is looked for in pieces, so that little output is held back while one may be under way. */
const PIECE = 512;
/** Pieces overlap, so that their base64 cores do too and nothing shows between two masks. */
const OVERLAP = 16;

/** A text that must not be seen; no line breaks are in it, because the search ignores them. */
export interface Pattern {
  text: string;
  /** Shown instead, in brackets. */
  name: string;
  /** Only where no letter, digit or underscore touches it. */
  wholeToken: boolean;
}

/** The texts to look for so that the secret `bytes` is not seen, whole, in parts or re-encoded. */
export function patternsOf(name: string, bytes: Buffer): Pattern[] {
  const texts = new Set<string>();
  for (const part of partsOf(bytes)) {
    for (const piece of piecesOf(part)) {
      for (const form of encodingsOf(piece)) texts.add(form.replace(/[\r\n]/g, ''));
    }
  }
  return [...texts]
    .filter((text) => text.length >= SHORTEST_TOKEN)
    .map((text) => ({ text, name, wholeToken: text.length < SHORTEST_ANYWHERE }));
}

/** The secret itself, each of its lines, and what of a URL is secret alone. */
function partsOf(bytes: Buffer): Buffer[] {
  const text = bytes.toString('utf8');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const own = lines.length > 1 ? lines.filter((line) => !isArmour(line)) : lines;
  const urls = lines.flatMap(secretPiecesOfUrl);
  return [bytes, ...[...own, ...urls].map((part) => Buffer.from(part))];
}

/** `-----BEGIN PRIVATE KEY-----` is not the secret, and stands in many files. */
function isArmour(line: string): boolean {
  return /^-{4,}[A-Z0-9 ]*-{4,}$/.test(line);
}

function piecesOf(part: Buffer): Buffer[] {
  if (part.length <= PIECE) return [part];
  const pieces: Buffer[] = [];
  for (let start = 0; start + OVERLAP < part.length; start += PIECE - OVERLAP) {
    pieces.push(part.subarray(start, start + PIECE));
  }
  return pieces;
}
