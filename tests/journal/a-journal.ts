/** Journals to test with: a short run by alice, written by the real writer and signed by a real key. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Entry, JOURNAL_FORMAT } from '../../src/journal/records.ts';
import { chooseSigner, type Signer, signerEntry } from '../../src/journal/signer.ts';
import { generatePrivateKey } from '../../src/journal/ssh-private-key.ts';
import { type Journal, openJournal } from '../../src/journal/writer.ts';

export const ALICE = 'alice@ops';

/** A directory of its own, taken away with `remove`. */
export function scratch(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tejun-journal-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const keep = (entry: Entry): Entry => entry;

export function begin(run = 'run-1', rehearsal = false): Extract<Entry, { type: 'begin' }> {
  return {
    type: 'begin',
    format: JOURNAL_FORMAT,
    run,
    nonce: '00112233445566778899aabbccddeeff',
    tejun: '0.1.0',
    runbook: { path: 'runbooks/booking.md', title: 'Deploy the booking API', digest: 'sha256:12' },
    environment: rehearsal ? 'rehearsal' : 'production',
    rehearsal,
    flow: 'deploy',
    operator: { name: ALICE, host: 'bastion' },
    pid: 4242,
    values: { APP: 'booking-api' },
    plan: [{ id: 'migrate', stage: 'deploy', title: 'Migrate', uses: 'sh', effect: 'write' }],
    path: ['migrate'],
    checklist: [],
  };
}

export const note = (text: string): Entry => ({ type: 'note', text, by: ALICE });

export const seal: Entry = {
  type: 'seal',
  outcome: 'completed',
  open: [],
  counts: { passed: 1, failed: 0, skipped: 0, refused: 0, unknown: 0 },
  by: ALICE,
};

/** Puts a new unencrypted ed25519 key into `home`/.ssh and gives its public line. */
export function giveKey(home: string): void {
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh', 'id_ed25519'), generatePrivateKey('alice').text, { mode: 0o600 });
}

export function signerFor(
  home: string,
  request: { run?: string; principal?: string; now?: Date } = {},
): Promise<Signer> {
  const { run = 'run-1', principal = ALICE, now } = request;
  return chooseSigner({ env: {}, home, tejunHome: join(home, 'tejun'), principal, run, ...(now ? { now } : {}) });
}

/** `alice@ops cert-authority,namespaces="…" ssh-ed25519 …` */
export function allow(signer: Signer, principal = ALICE, namespaces = 'journal@tejun'): string {
  return `${principal} cert-authority,namespaces="${namespaces}" ${signer.publicKey}\n`;
}

export interface Written {
  path: string;
  signer: Signer;
  journal: Journal;
}

/** A run of one step, signed at the begin and after the step; `seal: false` leaves it unsealed. */
export async function writeRun(
  path: string,
  options: { home?: string; run?: string; rehearsal?: boolean; seal?: boolean } = {},
): Promise<Written> {
  const home = options.home ?? dirname(path);
  if (options.home === undefined) giveKey(home);
  const signer = await signerFor(home, { run: options.run ?? 'run-1' });
  const journal = openJournal(path, { redact: keep });
  journal.append(begin(options.run, options.rehearsal));
  journal.append(signerEntry(signer));
  journal.signPrefix(signer);
  journal.append({
    type: 'step.intent',
    step: 'migrate',
    attempt: 1,
    effect: 'write',
    command: ['alembic', 'upgrade', 'head'],
    timeoutMs: 60_000,
    by: ALICE,
  });
  journal.append({ type: 'step.result', step: 'migrate', attempt: 1, outcome: 'passed', ms: 812, summary: 'ok' });
  journal.signPrefix(signer);
  if (options.seal !== false) {
    journal.append(seal);
    journal.signPrefix(signer);
    journal.close();
  }
  return { path, signer, journal };
}
