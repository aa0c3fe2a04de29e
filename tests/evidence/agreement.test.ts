/**
 * `tejun verify` beside `ssh-keygen -Y verify`, on changed journals: 10⁵ with EVIDENCE=1, a hundredth of them without.
 *
 * They agree on a journal when
 *  1. the chain is whole for both or broken for both (the stock side: SHA-256 and JSON, tests/evidence/stock.ts); a file
 *     that does not begin as a journal is one whose chain is broken at its first line; and
 *  2. of a journal whose chain is whole: both accept the signature that tejun's verdict speaks of, or both refuse it. The
 *     stock side accepts it when its line says nothing but what follows from what it signs, when its certificate is the one
 *     that the journal names for this run, and when ssh-keygen says Good; and
 *  3. it is sealed for both or for neither: sealed is a whole chain that ends in a seal and its accepted signature.
 *
 * Each journal that holds a signature goes through ssh-keygen once, also where the chain has decided already: then
 * ssh-keygen judges the last one, which has to be refused unless all that was changed comes after what it signs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashLine } from '../../src/journal/chain.ts';
import { linesOf } from '../../src/journal/lines.ts';
import { formatPublicKey } from '../../src/journal/ssh-key.ts';
import { generatePrivateKey, parsePrivateKey } from '../../src/journal/ssh-private-key.ts';
import type { Verdict } from '../../src/journal/verdict.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { seeded } from '../faults/scale.ts';
import { ALICE, giveKey, scratch, writeRun } from '../journal/a-journal.ts';
import { journalOf, KINDS } from './journals.ts';
import { type Draw, drawWith, MUTATIONS, type Stock } from './mutations.ts';
import { followsFromWhatItSigns, isOfPart, readWithStockTools, type StockReading, sshKeygenAccepts } from './stock.ts';

const ALL = 100_000;
const SHARE = Number(process.env['EVIDENCE'] ?? 0.01);
const SEED = 20261126;
/** While ssh-keygen judges one batch the next one is made. */
const SIDE_BY_SIDE = 2;
const BATCH = 200;
/** So many at least go through docs/verify.sh, which starts a dozen programs for each. */
const SCRIPTS = 26;
/** The whole takes the better part of an hour. */
const TOLD_EVERY = 10_000;
const WAYS = Object.entries(MUTATIONS);

let dir: ReturnType<typeof scratch>;
let stock: Stock;
let allowed: string;
let trusted: string;
beforeAll(async () => {
  dir = scratch();
  giveKey(dir.path);
  const operator = parsePrivateKey(readFileSync(join(dir.path, '.ssh', 'id_ed25519'), 'utf8'));
  trusted = `${ALICE} cert-authority,namespaces="journal@tejun,rehearsal@tejun" ${formatPublicKey(operator.blob)}\n`;
  allowed = join(dir.path, 'allowed');
  writeFileSync(allowed, trusted);
  const journals: Buffer[] = [];
  for (const kind of KINDS) journals.push(await journalOf(kind, dir.path));
  const other = await writeRun(join(dir.path, 'other.jsonl'), { home: dir.path, run: 'run-2' });
  journals.push(readFileSync(other.path));
  stock = { journals, operator, stranger: generatePrivateKey('mallory') };
});
afterAll(() => dir.remove());

type Word = 'sealed' | 'accepted' | 'refused' | 'no signature' | 'broken';

/** What is known of a changed journal before ssh-keygen was asked; `place` is of the signature that it is asked about. */
interface Case {
  number: number;
  way: string;
  journal: Buffer;
  verdict: Verdict | undefined;
  reading: StockReading;
  place: number | undefined;
}

function caseOf(number: number, draw: Draw): Case {
  const [way, mutate] = WAYS[number % WAYS.length] as (typeof WAYS)[number];
  const journal = mutate(draw, stock);
  const verdict = verdictOf(journal);
  const reading = readWithStockTools(journal);
  return { number, way, journal, verdict, reading, place: spokenOf(verdict, reading.signatures) };
}

/** The stock tools' word; `good`: what ssh-keygen said, when it was asked. */
function stockWord({ reading, place }: Case, good: boolean | undefined): Word {
  if (!reading.isJournal || !reading.chained) return 'broken';
  if (place === undefined) return 'no signature';
  if (!good || !followsFromWhatItSigns(reading, place) || !isOfPart(reading, place)) return 'refused';
  const ends = place === reading.lines.length - 1 && reading.lines[place - 1]?.fields['type'] === 'seal';
  return ends ? 'sealed' : 'accepted';
}

function verdictOf(journal: Buffer): Verdict | undefined {
  try {
    return verifyJournal(journal, { allowedSigners: trusted });
  } catch {
    return undefined;
  }
}

const REFUSING = new Set(['bad-signature', 'unknown-signer', 'other-run']);

/** The signature that the verdict speaks of, else the last one. */
function spokenOf(verdict: Verdict | undefined, signatures: readonly number[]): number | undefined {
  const at = verdict && REFUSING.has(verdict.verdict) ? verdict.at : undefined;
  return at !== undefined && signatures.includes(at) ? at : signatures.at(-1);
}

function ownWord(verdict: Verdict | undefined): Word {
  if (!verdict || verdict.verdict === 'chain-broken' || verdict.verdict === 'torn') return 'broken';
  if (REFUSING.has(verdict.verdict)) return 'refused';
  if (verdict.verdict === 'sealed' || verdict.verdict === 'rehearsal') return 'sealed';
  return verdict.signatures > 0 ? 'accepted' : 'no signature';
}

it('agrees with ssh-keygen on every changed journal', { timeout: 4 * 3_600_000 }, async () => {
  const draw = drawWith(seeded(SEED));
  const count = Math.round(ALL * SHARE);
  const said = new Map<string, number>();
  const differ: string[] = [];
  let [next, asked, judged] = [0, 0, 0];
  const tell = (done: number) => {
    const words = [...said].map(([word, times]) => `${times} ${word}`).join(', ');
    process.stdout.write(
      `evidence: ${done} changed journals, ${asked} through ssh-keygen: ${words}; ${differ.length} differ\n`,
    );
  };
  const worker = async (scratch: string) => {
    mkdirSync(scratch);
    while (next < count) {
      const cases = Array.from({ length: Math.min(BATCH, count - next) }, () => caseOf(next++, draw));
      const questions = cases.flatMap(({ journal, reading, place }) =>
        place === undefined ? [] : [{ journal, reading, place }],
      );
      const answers = await sshKeygenAccepts(questions, allowed, scratch);
      asked += answers.length;
      judged += cases.length;
      for (const each of cases) {
        const [own, stocks] = [
          ownWord(each.verdict),
          stockWord(each, each.place === undefined ? undefined : answers.shift()),
        ];
        said.set(own, (said.get(own) ?? 0) + 1);
        if (own === stocks) continue;
        const kept = join(tmpdir(), `tejun-differs-${each.number}.jsonl`);
        writeFileSync(kept, each.journal);
        differ.push(`${each.way}: tejun says ${own}, stock tools ${stocks}: ${kept}`);
      }
      if (judged % TOLD_EVERY < cases.length) tell(judged);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, n) => worker(join(dir.path, `slot-${n}`))));
  tell(judged);
  expect(differ).toEqual([]);
  // Every word was said, so that none of them agrees by never being tried.
  for (const word of ['sealed', 'accepted', 'refused', 'no signature', 'broken'])
    expect(said.get(word)).toBeGreaterThan(0);
});

/** The journal with the right `prev` in its last line, which docs/verify.sh does not look at. */
function withRightPrev(journal: Buffer): Buffer {
  const lines = [...linesOf(journal)];
  const [before, last] = [lines.at(-2), lines.at(-1)];
  if (!before || !last) return journal;
  const text = Buffer.from(last)
    .toString()
    .replace(/"prev":"[^"]*"/, `"prev":"${hashLine(before)}"`);
  return Buffer.concat([...lines.slice(0, -1), Buffer.from(text)]);
}

it('agrees with docs/verify.sh on what nobody who holds the key has changed', { timeout: 3_600_000 }, () => {
  const script = new URL('../../docs/verify.sh', import.meta.url).pathname;
  const draw = drawWith(seeded(SEED + 1));
  const count = Math.max(SCRIPTS, Math.round(ALL * SHARE * 0.01));
  const differ: string[] = [];
  let sealed = 0;
  for (let number = 0; number < count; number++) {
    const { way, journal } = caseOf(number, draw);
    if (way === 'written anew by who holds the key') continue;
    const file = join(dir.path, 'script.jsonl');
    writeFileSync(file, journal);
    const good = spawnSync('sh', [script, file, allowed, ALICE], { stdio: 'ignore' }).status === 0;
    if (good) sealed++;
    if (good !== (verdictOf(withRightPrev(journal))?.verdict === 'sealed')) differ.push(`${number}, ${way}`);
  }
  process.stdout.write(`evidence: ${count} through docs/verify.sh: ${sealed} sealed; ${differ.length} differ\n`);
  expect(differ).toEqual([]);
});
