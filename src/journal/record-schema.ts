/** The records of a journal as a schema, for readers that are not tejun: docs/journal.schema.json is made from it. */
import * as z from 'zod';
import { JOURNAL_FORMAT, type Json } from './records.ts';

const names = z.record(z.string(), z.string());
const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const by = z.string().describe('Principal of a person, e.g. alice@ops');
const json = z.custom<Json>();
const outcome = z.enum(['passed', 'failed', 'skipped', 'refused', 'unknown']);

const problem = z.object({
  code: z.string(),
  what: z.string(),
  means: z.string().optional(),
  next: z.array(z.string()).optional(),
});

const scope = z.enum(['host', 'database', 'store']);
const holder = z.object({
  run: z.string(),
  operator: z.string(),
  host: z.string(),
  from: z.string().optional(),
  since: z.string(),
  pid: z.number().optional(),
  step: z.string().optional(),
});

const processes = z.array(z.object({ pid: z.number(), name: z.string() }));

const link = {
  seq: count.describe('0, 1, 2, …: what orders the records'),
  at: z.iso.datetime().describe('Wall clock in UTC: a label'),
  mono: z.number().min(0).describe('Milliseconds on the engine’s monotonic clock since its start'),
  prev: hash.describe('SHA-256 of the line before, newline included; 64 zeros in the first record'),
};

function record<T extends string, F extends z.ZodRawShape>(type: T, meaning: string, fields: F) {
  return z.object({ ...link, type: z.literal(type), ...fields }).describe(meaning);
}

/** Every type of record. */
export const recordSchema = z.discriminatedUnion('type', [
  record('begin', 'The first record, and only the first', {
    format: z.literal(JOURNAL_FORMAT),
    run: z.string(),
    nonce: z.string(),
    tejun: z.string(),
    runbook: z.object({ path: z.string(), title: z.string(), digest: z.string() }),
    environment: z.string(),
    rehearsal: z.boolean(),
    drill: z.string().optional(),
    flow: z.string(),
    section: z.string().optional(),
    operator: z.object({ name: z.string(), host: z.string(), from: z.string().optional() }),
    bootId: z.string().optional(),
    pid: z.number(),
    cwd: z.string().optional(),
    values: names,
    plan: z.array(
      z.object({ id: z.string(), stage: z.string(), title: z.string(), uses: z.string(), effect: z.string() }),
    ),
    path: z.array(z.string()),
    checklist: z.array(z.object({ id: z.string(), text: z.string(), steps: z.array(z.string()) })),
    prevRun: z.object({ run: z.string(), head: z.string() }).optional(),
  }),
  record('signer', 'The key that signs, and who vouches for it', {
    source: z.enum(['agent', 'file', 'own', 'none']),
    by,
    fingerprint: z.string().optional(),
    publicKey: z.string().optional(),
    runKey: z.string().optional(),
    certificate: z.string().optional(),
    note: z.string().optional(),
  }),
  record('platform.ready', 'The place of the run is ready', { what: z.string(), details: names }),
  record('guard.satisfied', 'The guard of the environment was satisfied', {
    guard: z.string(),
    how: z.string(),
    approval: z
      .object({ begin: z.string(), plan: z.string(), sig: z.string(), fingerprint: z.string(), publicKey: z.string() })
      .optional(),
    by,
  }),
  record('secret.set', 'A secret was given; never its value, length or hash', {
    name: z.string(),
    source: z.enum(['typed', 'stdin', 'file', 'env', 'command', 'dotenv', 'rehearsal', 'step']),
    differsFrom: z.string().optional(),
    by,
  }),
  record('step.intent', 'Before an effect: on the disk before anything starts', {
    step: z.string(),
    attempt: count,
    effect: z.string(),
    command: z.array(z.string()),
    edited: z.string().optional(),
    inputs: json.optional(),
    confirmed: z.object({ text: z.string(), how: z.enum(['typed', 'flag']) }).optional(),
    timeoutMs: z.number(),
    by,
  }),
  record('step.result', 'After it', {
    step: z.string(),
    attempt: count,
    outcome,
    ms: z.number(),
    summary: z.string(),
    exit: z.number().optional(),
    signal: z.string().optional(),
    output: z.object({ file: z.string(), sha256: hash, bytes: count, fault: z.string().optional() }).optional(),
    evidence: json.optional(),
    captured: names.optional(),
    problem: problem.optional(),
    left: processes.optional(),
    againInMs: z.number().optional(),
  }),
  record('refused', 'Something was asked that was not allowed; nothing was run', {
    step: z.string().optional(),
    problem,
    by,
  }),
  record('step.settled', 'A step that tejun did not run', {
    step: z.string(),
    outcome: z.enum(['skipped', 'refused', 'passed']),
    how: z.enum(['skipped', 'by-hand', 'refused']),
    reason: z.string(),
    by,
  }),
  record('checklist', 'A person attested an item', {
    item: z.string(),
    state: z.enum(['done', 'not-applicable', 'not-done']),
    note: z.string().optional(),
    by,
  }),
  record('note', 'The operator wrote something down', { text: z.string(), by }),
  record('incident.opened', 'Something is wrong: the path rests', { symptom: z.string().optional(), by }),
  record('incident.closed', 'It is over', { finding: z.string(), by }),
  record('screens', 'An operator’s screens came, or the last ones went', {
    state: z.enum(['attached', 'lost']),
    by,
    from: z.string().optional(),
  }),
  record('clock', 'The wall clock moved against the monotonic one', { jumpMs: z.number() }),
  record('stop.asked', 'The operator asked to stop', { how: z.enum(['after-step', 'now']), by }),
  record('lock.held', 'The run has its lock', { scope, again: z.boolean().optional(), by }),
  record('lock.away', 'The connection that holds the lock broke off', { scope, by }),
  record('lock.taken', 'The run took a lock over', { scope, from: holder, by }),
  record('lock.lost', 'Another run took the lock over', { scope, to: holder.optional(), by }),
  record('suspended', 'The engine ended before the run did', { reason: z.string() }),
  record('resumed', 'Another engine goes on', {
    by,
    recovered: z.object({ bytes: count, file: z.string() }).optional(),
    bootId: z.string().optional(),
    ended: processes.optional(),
  }),
  record('seal', 'The run has ended', {
    outcome: z.enum(['completed', 'rolled-back', 'failed', 'abandoned']),
    open: z.array(z.string()),
    counts: z.object({ passed: count, failed: count, skipped: count, refused: count, unknown: count }),
    by,
    late: z.literal(true).optional(),
  }),
  record('signature', 'SSHSIG over bytes 0 to `over` of the file itself', {
    over: count,
    by,
    ns: z.string(),
    final: z.boolean(),
    sig: z.string(),
  }),
]);

/** The schema of one line of a journal, or of `--json`. Fields and types that it does not know are allowed: they may come. */
export function recordJsonSchema(): object {
  const schema = z.toJSONSchema(recordSchema, { io: 'input', unrepresentable: 'any' });
  return {
    ...schema,
    title: 'A record of a tejun journal',
    description:
      'One line of journal.jsonl, and of `tejun run --json`. New fields and new types of records may be added within format 1: readers ignore what they do not know.',
  };
}
