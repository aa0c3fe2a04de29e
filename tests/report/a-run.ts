/** The records of a run that went wrong, was tried again, and was rolled back. */
import { type Entry, GENESIS, type JournalRecord } from '../../src/journal/records.ts';
import { ALICE, begin } from '../journal/a-journal.ts';

const line = (id: string, stage: string, title: string, effect = 'write') => ({ id, stage, title, uses: 'sh', effect });

const started = (step: string, attempt = 1): Entry => ({
  type: 'step.intent',
  step,
  attempt,
  effect: 'write',
  command: ['flyctl deploy --app booking-api'],
  timeoutMs: 60_000,
  by: ALICE,
});

const LATENCIES = {
  paths: [
    {
      ...{ path: '/healthz', p50: 12, p95: 1400, errorRate: 0.004 },
      histogram: [
        { upToMs: 16, count: 90 },
        { upToMs: 2048, count: 10 },
      ],
    },
  ],
};

export const ENTRIES: readonly Entry[] = [
  {
    ...begin('20261122-0529-k3'),
    flow: 'redeploy',
    plan: [
      line('rollout', 'deploy', 'Roll out'),
      line('timing', 'verify', 'How fast it answers', 'read'),
      line('back', 'rollback', 'Release the old version'),
      line('tidy', 'routine', 'Tidy up'),
    ],
    path: ['rollout', 'timing'],
    checklist: [
      { id: 'fast', text: 'p95 is below 2 s', steps: ['timing'] },
      { id: 'told', text: 'The on-call person knows', steps: [] },
      { id: 'gone', text: 'The old release runs again', steps: ['back'] },
    ],
  },
  { type: 'signer', source: 'agent', by: ALICE, fingerprint: 'SHA256:abc' },
  { type: 'guard.satisfied', guard: 'typed', how: 'typed', by: ALICE },
  started('timing'),
  {
    ...{ type: 'step.result', step: 'timing', attempt: 1, outcome: 'passed', ms: 1900, summary: 'p95 1.4 s' },
    output: { file: 'output/timing.1.log', sha256: 'ab'.repeat(32), bytes: 249 },
    evidence: LATENCIES,
  },
  started('rollout'),
  {
    ...{
      type: 'step.result',
      step: 'rollout',
      attempt: 1,
      outcome: 'failed',
      ms: 4000,
      summary: 'not healthy',
      exit: 1,
    },
    problem: { code: 'unhealthy', what: 'The release <b>never</b> became healthy.', means: 'The old one still runs.' },
  },
  started('rollout', 2),
  { type: 'step.result', step: 'rollout', attempt: 2, outcome: 'failed', ms: 4100, summary: 'not healthy again' },
  { type: 'note', text: 'Told Bob `on the phone` | he looks\u202e at it', by: ALICE },
  started('back'),
  { type: 'step.result', step: 'back', attempt: 1, outcome: 'passed', ms: 3000, summary: 'v41 runs' },
  { type: 'checklist', item: 'told', state: 'done', note: 'by phone', by: ALICE },
  {
    type: 'seal',
    outcome: 'rolled-back',
    open: [],
    counts: { passed: 2, failed: 1, skipped: 0, refused: 0, unknown: 0 },
    by: ALICE,
  },
];

export function recordsOf(entries: readonly Entry[] = ENTRIES): JournalRecord[] {
  return entries.map((entry, seq) => {
    const at = new Date(Date.UTC(2026, 10, 22, 5, 29, seq * 3)).toISOString();
    return { seq, at, mono: seq * 3000, prev: GENESIS, ...entry } as JournalRecord;
  });
}
