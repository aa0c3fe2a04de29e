/**
 * How long `tejun verify` takes, beside sha256sum of the same file in the same run: a journal of 10⁶ records, as densely
 * signed as a run signs (an intent, a result, a signature). Run: node bench/verify.ts [records]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashLine, serialise } from '../src/journal/chain.ts';
import { type Entry, GENESIS, JOURNAL_FORMAT, NAMESPACE } from '../src/journal/records.ts';
import { chooseSigner, type Signer, signerEntry } from '../src/journal/signer.ts';
import { verifyJournal } from '../src/journal/verify.ts';

const ROUNDS = 5;
const MEGABYTE = 1e6;
const BY = 'alice@ops';

const BEGIN: Entry = {
  type: 'begin',
  format: JOURNAL_FORMAT,
  run: 'bench',
  nonce: '00112233445566778899aabbccddeeff',
  tejun: '0.1.0',
  runbook: { path: 'runbooks/booking.md', title: 'Deploy the booking API', digest: 'sha256:12' },
  environment: 'production',
  rehearsal: false,
  flow: 'redeploy',
  operator: { name: BY, host: 'bastion' },
  pid: 4242,
  values: { APP: 'booking-api' },
  plan: [{ id: 'rollout', stage: 'deploy', title: 'Roll out', uses: 'fly.deploy', effect: 'write' }],
  path: ['rollout'],
  checklist: [],
};

const INTENT = {
  type: 'step.intent',
  step: 'rollout',
  attempt: 1,
  effect: 'write',
  command: ['flyctl', 'deploy', '--app', 'booking-api', '--image', 'registry.fly.io/booking-api:1f2e3d', '--detach'],
  timeoutMs: 900_000,
  by: BY,
} as const satisfies Entry;

const RESULT = {
  type: 'step.result',
  step: 'rollout',
  attempt: 1,
  outcome: 'passed',
  ms: 48_120.4,
  summary: 'v42 is released and healthy on 2 machines',
  exit: 0,
  output: { file: 'output/rollout.1.log', sha256: 'ab'.repeat(32), bytes: 18_211 },
  evidence: { version: 42, healthy: true, machines: [{ id: '369dba2bba0f16', state: 'started', region: 'nrt' }] },
} as const satisfies Entry;

const SEAL: Entry = {
  type: 'seal',
  outcome: 'completed',
  open: [],
  counts: { passed: 1, failed: 0, skipped: 0, refused: 0, unknown: 0 },
  by: BY,
};

const records = Number(process.argv[2] ?? 1_000_000);
const directory = mkdtempSync(join(tmpdir(), 'tejun-bench-'));
const file = join(directory, 'journal.jsonl');
try {
  const signer = await chooseSigner({
    ...{ env: {}, home: directory, tejunHome: directory, principal: BY, run: 'bench', hours: 24 },
  });
  const allowedSigners = `${BY} cert-authority,namespaces="${NAMESPACE.real}" ${signer.publicKey}\n`;
  write(signer);
  // Taken in turns, so that what else the machine does hits both alike; the best of each counts.
  const rounds = Array.from({ length: ROUNDS }, () => ({
    sum: timed(sha256sum),
    own: timed(() => verify(allowedSigners)),
  }));
  const sum = Math.min(...rounds.map((round) => round.sum));
  const own = Math.min(...rounds.map((round) => round.own));
  say(`${records} records, ${(statSync(file).size / MEGABYTE).toFixed(0)} MB, ${ROUNDS} rounds, best of each`);
  say(`sha256sum      ${sum.toFixed(0)} ms`);
  say(`tejun verify   ${own.toFixed(0)} ms, ${(records / own).toFixed(0)} records a millisecond`);
  say(`ratio          ${(own / sum).toFixed(2)} (at most 3 is wanted)`);
  if (own / sum > 3) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true });
}

/** The lines are made as the writer makes them, without a sync after each. */
function write(signer: Signer): void {
  const fd = openSync(file, 'w', 0o600);
  const sha512 = createHash('sha512');
  const started = Date.now();
  let [prev, seq, bytes, block] = [GENESIS, 0, 0, ''];
  let last = { at: '', mono: 0 };
  const put = (entry: Entry, at = new Date(started + seq).toISOString(), mono = seq) => {
    const line = serialise(entry, { seq, at, mono, prev });
    sha512.update(line);
    bytes += Buffer.byteLength(line);
    prev = hashLine(line);
    seq += 1;
    last = { at, mono };
    block += line;
    if (block.length < MEGABYTE) return;
    writeSync(fd, block);
    block = '';
  };
  const sign = (final: boolean) => {
    const sig = signer.signDigest(sha512.copy().digest(), NAMESPACE.real, new Date(last.at));
    put({ type: 'signature', over: bytes, by: signer.by, ns: NAMESPACE.real, final, sig }, last.at, last.mono);
  };
  put(BEGIN);
  put(signerEntry(signer));
  sign(false);
  for (let attempt = 1; seq < records - 4; attempt += 1) {
    put({ ...INTENT, attempt });
    put({ ...RESULT, attempt });
    sign(false);
  }
  while (seq < records - 2) put({ type: 'note', text: 'the last deploy of the day', by: BY });
  put(SEAL);
  sign(true);
  writeSync(fd, block);
  closeSync(fd);
}

function verify(allowedSigners: string): void {
  const { verdict, records: seen } = verifyJournal(file, { allowedSigners });
  if (verdict !== 'sealed' || seen !== records) throw new Error(`${verdict}, ${seen} records`);
}

function sha256sum(): void {
  const { status } = spawnSync('sha256sum', [file], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`sha256sum ended with ${status}`);
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
