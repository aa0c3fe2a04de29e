/** Journals of every kind of run, written by the real writer and signed by a real key. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../src/journal/records.ts';
import { resumeJournal } from '../../src/journal/recover.ts';
import { signerEntry } from '../../src/journal/signer.ts';
import { openJournal } from '../../src/journal/writer.ts';
import { ALICE, begin, keep, seal, signerFor } from '../journal/a-journal.ts';

export const KINDS = [
  'setup',
  'redeploy',
  'rollback',
  'incident',
  'routine',
  'resumed',
  'unsigned',
  'rehearsal',
] as const;
export type Kind = (typeof KINDS)[number];

const step = (id: string, outcome: 'passed' | 'failed' = 'passed'): Entry[] => [
  { type: 'step.intent', step: id, attempt: 1, effect: 'write', command: ['true'], timeoutMs: 1000, by: ALICE },
  { type: 'step.result', step: id, attempt: 1, outcome, ms: 12, summary: outcome },
];

const MIDDLE: Readonly<Record<Kind, readonly Entry[]>> = {
  setup: [{ type: 'secret.set', name: 'TOKEN', source: 'typed', by: ALICE }, ...step('migrate')],
  redeploy: [{ type: 'guard.satisfied', guard: 'typed', how: 'typed', by: ALICE }, ...step('migrate')],
  rollback: step('migrate'),
  incident: [
    { type: 'incident.opened', symptom: 'slow', by: ALICE },
    ...step('migrate', 'failed'),
    { type: 'incident.closed', finding: 'the disk', by: ALICE },
  ],
  routine: [...step('migrate'), { type: 'note', text: 'as every month', by: ALICE }],
  resumed: step('migrate'),
  unsigned: step('migrate'),
  rehearsal: step('migrate'),
};

/** The bytes of a sealed journal of that kind; an unsigned one has a seal and nobody's signature. */
export async function journalOf(kind: Kind, home: string): Promise<Buffer> {
  const path = join(home, `${kind}.jsonl`);
  const signer = await signerFor(home);
  const first = { ...begin('run-1', kind === 'rehearsal'), flow: kind === 'resumed' ? 'setup' : kind };
  let journal = openJournal(path, { redact: keep });
  journal.append(first);
  journal.append(kind === 'unsigned' ? { type: 'signer', source: 'none', by: ALICE } : signerEntry(signer));
  const sign = (by = signer) => kind !== 'unsigned' && journal.signPrefix(by);
  sign();
  for (const entry of MIDDLE[kind]) journal.append(entry);
  sign();
  let last = signer;
  if (kind === 'resumed') {
    journal.close();
    ({ journal } = resumeJournal(path, { redact: keep }));
    last = await signerFor(home);
    journal.append({ type: 'resumed', by: ALICE });
    journal.append(signerEntry(last));
    sign(last);
  }
  journal.append(seal);
  sign(last);
  journal.close();
  return readFileSync(path);
}
