import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatKeys, listKeys, makeKey, revokeKey, trustKey } from '../../src/commands/keys.ts';
import { sealLate } from '../../src/commands/seal.ts';
import { parseReceipt } from '../../src/journal/receipt.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { runDirectory } from '../../src/state-directory.ts';
import { ALICE, begin, giveKey, keep, scratch, seal, writeRun } from '../journal/a-journal.ts';

let dir: ReturnType<typeof scratch>;
let env: Record<string, string>;
beforeAll(() => {
  dir = scratch();
  // The operator's real keys are not looked for: no agent, and a home without any.
  process.env['HOME'] = dir.path;
  env = { TEJUN_HOME: join(dir.path, 'state'), TEJUN_OPERATOR: ALICE };
});
afterAll(() => dir.remove());

describe('tejun keys', () => {
  it('makes a key, trusts it and revokes it, and verify follows', async () => {
    expect(formatKeys(await listKeys(env))).toContain('none yet');
    const { publicKey, made } = makeKey(env);
    expect([made, makeKey(env)]).toMatchObject([true, { publicKey, made: false }]);
    const { fingerprint } = trustKey(env, ALICE, publicKey);
    expect(trustKey(env, ALICE, publicKey)).toEqual({ fingerprint, added: false });
    expect(await listKeys(env)).toMatchObject({
      own: [{ source: 'own', fingerprint }],
      trusted: [{ principals: ALICE, fingerprint, revoked: false }],
      revoked: [],
    });
    const lists = () => ({
      allowedSigners: readFileSync(join(env['TEJUN_HOME'] ?? '', 'allowed_signers'), 'utf8'),
      revokedKeys: readFileSync(join(env['TEJUN_HOME'] ?? '', 'revoked_keys'), 'utf8'),
    });
    expect(revokeKey(env, fingerprint)).toEqual({ fingerprint, added: true });
    expect(revokeKey(env, publicKey)).toEqual({ fingerprint, added: false });
    expect(formatKeys(await listKeys(env))).toContain('REVOKED');
    const { path, signer } = await writeRun(join(dir.path, 'by-another', 'journal.jsonl'));
    trustKey(env, ALICE, signer.publicKey ?? '');
    expect(verifyJournal(path, lists()).verdict).toBe('sealed');
    revokeKey(env, signer.publicKey ?? '');
    expect(verifyJournal(path, lists())).toMatchObject({ verdict: 'unknown-signer', signers: [{ trust: 'revoked' }] });
    expect(() => trustKey(env, ALICE, publicKey)).toThrow('was revoked');
  });

  it.each([
    ['not-a-key', ALICE, '/nonexistent'],
    ['bad-principal', '*', 'ssh-ed25519 AAAA'],
    ['bad-principal', 'alice\nmallory', 'ssh-ed25519 AAAA'],
  ])('refuses with %s', (code, principal, key) => {
    expect(() => trustKey(env, principal, key)).toThrow(expect.objectContaining({ code }));
  });
});

describe('tejun seal', () => {
  const journalOf = (run: string) => join(runDirectory(env, run), 'journal.jsonl');
  function unsigned(run: string, ...entries: Parameters<ReturnType<typeof openJournal>['append']>[0][]): string {
    mkdirSync(dirname(journalOf(run)), { recursive: true });
    const journal = openJournal(journalOf(run), { redact: keep });
    journal.append(begin(run));
    journal.append({ type: 'signer', source: 'none', by: ALICE, note: 'no SSH agent' });
    for (const entry of entries) journal.append(entry);
    journal.close();
    return journalOf(run);
  }

  it('signs a finished run that nobody could sign, and says when', async () => {
    giveKey(dir.path);
    const path = unsigned('run-7', seal);
    expect(verifyJournal(path)).toMatchObject({ verdict: 'unsigned-tail', at: 0 });
    const { receipt } = await sealLate(env, 'run-7');
    const verdict = verifyJournal(path, { receipt: parseReceipt(receipt) });
    expect(verdict).toMatchObject({ verdict: 'sealed', outcome: 'completed', receipt: 'fits', late: verdict.ended });
    await expect(sealLate(env, 'run-7')).rejects.toMatchObject({ code: 'already-sealed' });
  });

  it('closes a run that stopped in the middle of a step, whose outcome stays unknown', async () => {
    const intent = {
      type: 'step.intent',
      step: 'migrate',
      attempt: 1,
      effect: 'write',
      command: [],
      timeoutMs: 1,
      by: ALICE,
    };
    const path = unsigned('run-8', intent as never);
    await sealLate(env, 'run-8');
    expect(verifyJournal(path)).toMatchObject({ verdict: 'sealed', outcome: 'failed' });
    expect(readFileSync(path, 'utf8')).toContain('"outcome":"unknown"');
  });

  it('does not vouch for a journal that was changed', async () => {
    const path = unsigned('run-9', seal);
    writeFileSync(path, readFileSync(path, 'utf8').replace('no SSH agent', 'no SSH agenT'));
    await expect(sealLate(env, 'run-9')).rejects.toMatchObject({ code: 'chain-broken' });
  });
});
