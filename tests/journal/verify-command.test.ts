import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../src/commands/verify.ts';
import { serialise } from '../../src/journal/chain.ts';
import { formatReceipt } from '../../src/journal/receipt.ts';
import { GENESIS } from '../../src/journal/records.ts';
import { signerEntry } from '../../src/journal/signer.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { VERDICT_MESSAGES } from '../../src/locale/verdicts/index.ts';
import { EXIT } from '../../src/problem.ts';
import { allow, begin, giveKey, keep, scratch, signerFor, type Written, writeRun } from './a-journal.ts';

let dir: ReturnType<typeof scratch>;
let alice: string;
let sealed: Written;
let trusted: string;
beforeAll(async () => {
  dir = scratch();
  alice = join(dir.path, 'alice');
  giveKey(alice);
  // A name that a careless shell line would trip over.
  sealed = await writeRun(join(dir.path, "alice's runs", 'journal $(1).jsonl'), { home: alice });
  trusted = join(dir.path, 'allowed signers');
  writeFileSync(trusted, `# the team\n${allow(sealed.signer, '*@ops')}`);
});
afterAll(() => dir.remove());

/** No TEJUN_HOME of the host that runs the tests. */
const env = () => ({ TEJUN_HOME: join(dir.path, 'tejun-home') });
const verify = (request: Partial<Parameters<typeof verifyCommand>[0]> = {}) =>
  verifyCommand({ file: sealed.path, env: env(), ...request });

/** The two proofs that a text offers, as the lines to paste. */
function proofsIn(text: string): string[] {
  return text.split('\n\n').filter((block) => block.startsWith('j='));
}

function paste(shell: string, lines: string): { status: number | null; says: string } {
  const { status, stdout, stderr } = spawnSync(shell, [], {
    input: `${lines}\n`,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', TZ: 'Asia/Tokyo' },
  });
  return { status, says: stdout + stderr };
}

describe('tejun verify', () => {
  it('says in one line that a journal is sealed, and what that means', () => {
    const { text, exit } = verify({ allowedSigners: trusted });
    expect(text.split('\n')[0]).toBe('✔ SEALED');
    expect(text).toContain('Every byte of this journal is as it was when the run was sealed');
    expect(text).toContain(
      `alice@ops, ${sealed.signer.fingerprint} (the operator's key file; known from the allowed_signers file)`,
    );
    expect(text).not.toContain('vouches for itself');
    expect(exit).toBe(EXIT.done);
  });

  it('says plainly when the key only vouches for itself', () => {
    expect(verify().text).toContain('The key vouches for itself: nothing here says whose it is.');
  });

  it("knows the signers of tejun's own allowed_signers file without being told", () => {
    const home = join(dir.path, 'another-home');
    mkdirSync(home);
    writeFileSync(join(home, 'allowed_signers'), readFileSync(trusted));
    expect(verify({ env: { TEJUN_HOME: home } }).text).toContain('known from the allowed_signers file');
    writeFileSync(join(home, 'allowed_signers'), '');
    expect(verify({ env: { TEJUN_HOME: home } }).exit).toBe(EXIT.unknownSigner);
  });

  it.each(['bash', 'sh'])('gives lines that prove the same when they are pasted into %s', (shell) => {
    for (const request of [{}, { allowedSigners: trusted }]) {
      const proofs = proofsIn(verify(request).text);
      expect(proofs).toHaveLength(2);
      for (const proof of proofs) {
        expect(paste(shell, proof)).toMatchObject({
          status: 0,
          says: expect.stringMatching(/^Good "journal@tejun" signature for alice@ops/),
        });
      }
    }
  });

  it('gives lines that need no jq', () => {
    expect(proofsIn(verify().text)[1]).not.toContain('jq');
  });

  it('gives lines that refuse a journal that was changed', async () => {
    const { path } = await writeRun(join(dir.path, 'changed.jsonl'), { home: alice });
    const proofs = proofsIn(verify({ file: path }).text);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"outcome":"passed"', '"outcome":"failed"'));
    for (const proof of proofs) expect(paste('bash', proof).says).toContain('Could not verify signature');
    expect(verify({ file: path }).exit).toBe(EXIT.chainBroken);
  });

  it('gives lines for the last signature of a journal that goes on after it', async () => {
    const { path, journal } = await writeRun(join(dir.path, 'running.jsonl'), { home: alice, seal: false });
    journal.append({ type: 'note', text: 'still going', by: 'alice@ops' });
    const { text, exit } = verify({ file: path });
    expect(exit).toBe(EXIT.unsignedTail);
    expect(text).toContain('✖ UNSIGNED TAIL at record 6: nobody signed record 6');
    for (const proof of proofsIn(text)) expect(paste('bash', proof).says).toMatch(/^Good/);
    journal.close();
  });

  it('exits with the code of the verdict', async () => {
    const file = join(dir.path, 'cut.jsonl');
    await writeRun(file, { home: alice, seal: false });
    expect(verify({ file })).toMatchObject({ exit: EXIT.unsealed, text: expect.stringContaining('✖ UNSEALED') });
    appendFileSync(file, '{"seq":6,');
    expect(verify({ file })).toMatchObject({ exit: EXIT.torn, text: expect.stringContaining('✖ TORN at record 6') });
    truncateSync(file, 2000);
    expect(
      verify({
        file,
        receipt: formatReceipt({ run: 'run-1', records: 8, head: sealed.journal.head, seal: 'completed' }),
      }),
    ).toMatchObject({
      exit: EXIT.olderThanReceipt,
      text: expect.stringContaining('✖ OLDER THAN RECEIPT'),
    });
  });

  it('takes a receipt as a line or as a file', () => {
    const receipt = formatReceipt({ run: 'run-1', records: 8, head: sealed.journal.head, seal: 'completed' });
    const file = join(dir.path, 'receipt');
    writeFileSync(file, `${receipt}\n`);
    for (const given of [receipt, file])
      expect(verify({ receipt: given })).toMatchObject({
        exit: EXIT.done,
        text: expect.stringContaining('receipt     fits'),
      });
    expect(verify({ receipt: receipt.replace('run-1', 'run-9') }).exit).toBe(EXIT.otherRun);
    expect(() => verify({ receipt: 'lost it' })).toThrow(expect.objectContaining({ code: 'bad-receipt' }));
  });

  it('accepts a sealed rehearsal only when a rehearsal is expected', async () => {
    const { path } = await writeRun(join(dir.path, 'rehearsal.jsonl'), { home: alice, rehearsal: true });
    expect(verify({ file: path })).toMatchObject({
      exit: EXIT.rehearsalJournal,
      text: expect.stringContaining('✖ REHEARSAL'),
    });
    expect(verify({ file: path, rehearsal: true }).exit).toBe(EXIT.done);
  });

  it('gives the verdict as JSON', () => {
    const { text, exit } = verify({ json: true, allowedSigners: trusted });
    expect(JSON.parse(text)).toMatchObject({
      verdict: 'sealed',
      exit: 0,
      run: 'run-1',
      records: 8,
      proof: { jq: expect.any(Array) },
    });
    expect(exit).toBe(EXIT.done);
  });

  it.each([
    ['a journal that is not there', { file: '/nowhere/journal.jsonl' }, 'journal-not-found'],
    [
      'an allowed_signers file that is not there',
      { allowedSigners: '/nowhere/allowed' },
      'allowed-signers-not-readable',
    ],
  ])('has a problem with %s', (_, request, code) => {
    expect(() => verify(request)).toThrow(expect.objectContaining({ code, exit: EXIT.usage }));
  });
});

describe('a hostile journal', () => {
  it('reaches neither the terminal nor the shell with what it holds', () => {
    const file = join(dir.path, 'hostile.jsonl');
    const evil = "\u001b]52;c;AAAA\u0007'; touch /tmp/owned; '\u202e";
    const first = { ...begin(evil), environment: evil, operator: { name: evil, host: evil } };
    writeFileSync(file, serialise(first, { seq: 0, at: evil, mono: 0, prev: GENESIS }));
    const { text } = verify({ file });
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(text).toContain('\\u{1b}]52');
    expect(proofsIn(text)).toEqual([]);
  });

  it('gives no lines to paste for a signer whose name is no name', async () => {
    const file = join(dir.path, 'evil-signer.jsonl');
    const by = "alice@ops'\ntouch /tmp/owned #";
    const signer = { ...(await signerFor(alice)), by };
    const journal = openJournal(file, { redact: keep });
    journal.append(begin());
    journal.append(signerEntry(signer));
    expect(journal.signPrefix(signer)).toHaveProperty('record');
    journal.close();
    const { text, exit } = verify({ file });
    expect(exit).toBe(EXIT.badSignature);
    expect(proofsIn(text)).toEqual([]);
  });
});

describe('tejun verify --explain', () => {
  it.each([
    ['en', 'What SEALED means', 'It does not prove', 'Nor whose key it is'],
    ['ja', 'SEALED の意味', '証明できないこと', '鍵が誰のものか'],
    ['es', 'Qué significa SEALED', 'No prueba', 'Tampoco de quién es la clave'],
  ] as const)('says in %s what a verdict proves and does not, and what to do', (explain, heading, not, whose) => {
    const self = verify({ explain }).text;
    for (const part of [heading, not, whose, '→ ']) expect(self).toContain(part);
    expect(verify({ explain, allowedSigners: trusted }).text).not.toContain(whose);
    expect(verify().text).not.toContain(heading);
  });

  it('explains every verdict that the command can give, each in words of its own', () => {
    for (const { verdicts } of Object.values(VERDICT_MESSAGES)) {
      const texts = Object.values(verdicts).flatMap(({ means, proves, provesNot }) => [means, proves, provesNot]);
      expect(new Set(texts).size).toBe(texts.length);
      for (const { next } of Object.values(verdicts)) expect(next.length).toBeGreaterThan(0);
    }
  });

  it('is part of the JSON', () => {
    const { explanation } = JSON.parse(verify({ explain: 'es', json: true }).text);
    expect(explanation).toMatchObject({ means: VERDICT_MESSAGES.es.verdicts.sealed.means });
    expect(explanation.provesNot).toContain(VERDICT_MESSAGES.es.selfDeclared);
  });
});
