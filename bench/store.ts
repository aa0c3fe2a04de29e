/**
 * What the team's store costs: 10⁶ records of 10⁴ runs in the PostgreSQL that the rehearsal brings, with its durability on
 * (fsync, synchronous_commit). What it is compared with is measured in the same run, in turn: a row in a table without keys between,
 * triggers and chain; and one column of the runs that are listed. Run: node bench/store.ts [records] [runs]
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '../src/commands/team-store.ts';
import { hashLine } from '../src/journal/chain.ts';
import { GENESIS } from '../src/journal/records.ts';
import { loadPackage } from '../src/rehearsal/database.ts';
import { freePort } from '../src/rehearsal/ports.ts';
import { Secret } from '../src/secrets/secret.ts';

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 10_000);
const A_RUN = Math.round(RECORDS / RUNS);
/** Records that are added one at a time, as a run writes them. */
const SINGLE = 2_000;
const LISTINGS = 100;

/** Lines of a run: its beginning, then intents and results of about the size that a deploy writes. */
function linesOf(run: string, began: string, count: number): string[] {
  const lines: string[] = [];
  let prev = GENESIS;
  for (let seq = 0; seq < count; seq += 1) {
    const link = { seq, at: began, mono: seq * 10, prev };
    const runbook = { path: 'runbooks/booking.md', title: 'Deploy the booking API', digest: 'd'.repeat(64) };
    const by = 'alice@ops';
    const record =
      seq === 0
        ? {
            ...link,
            type: 'begin',
            run,
            runbook,
            environment: 'production',
            flow: 'redeploy',
            operator: { name: by, host: 'bastion' },
          }
        : seq % 2 === 1
          ? {
              ...link,
              type: 'step.intent',
              step: 'rollout',
              attempt: 1,
              effect: 'write',
              command: ['flyctl deploy --app booking --strategy rolling'],
              timeoutMs: 600_000,
              by,
            }
          : {
              ...link,
              type: 'step.result',
              step: 'rollout',
              attempt: 1,
              outcome: 'passed',
              ms: 81_234,
              summary: 'v13 is on 2 machines',
              exit: 0,
              output: { file: 'output/rollout.1.log', sha256: 'a'.repeat(64), bytes: 18_231 },
            };
    const line = JSON.stringify(record);
    lines.push(line);
    prev = hashLine(`${line}\n`);
  }
  return lines;
}

const sorted = (values: number[]) => values.sort((one, other) => one - other);
const at = (values: readonly number[], share: number) =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const shown = (ms: number) => `${ms.toFixed(2)} ms`;
const spread = (values: readonly number[]) =>
  `least ${shown(at(values, 0))}  p50 ${shown(at(values, 0.5))}  p99 ${shown(at(values, 0.99))}`;
const ratio = (values: readonly number[], reference: readonly number[]) =>
  `${(at(values, 0.5) / at(reference, 0.5)).toFixed(1)} ×`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

const directory = mkdtempSync(join(tmpdir(), 'tejun-bench-store-'));
chmodSync(directory, 0o711);
const { default: EmbeddedPostgres } = await loadPackage();
const port = await freePort();
const server = new EmbeddedPostgres({
  databaseDir: join(directory, 'data'),
  port,
  user: 'owner',
  password: 'bench',
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  postgresFlags: [
    '-c',
    'shared_buffers=256MB',
    '-c',
    'max_wal_size=4GB',
    '-c',
    'unix_socket_directories=',
    '-c',
    'listen_addresses=127.0.0.1',
  ],
  onLog: () => {},
  onError: () => {},
});
await server.initialise();
await server.start();
try {
  const url = `postgresql://owner:bench@127.0.0.1:${port}/postgres`;
  const store = await openStore(new Secret('TEJUN_STORE', Buffer.from(url)));
  await store.init();
  const direct = new pg.Client(url);
  await direct.connect();

  const batches: number[] = [];
  const loading = performance.now();
  let bytes = 0;
  for (let index = 0; index < RUNS; index += 1) {
    const run = `run-${String(index).padStart(6, '0')}`;
    // Runs come in the order of time: here over the twelve months of a year.
    const began = new Date(Date.UTC(2026, 0, 1) + (index / RUNS) * 365 * 86_400_000).toISOString();
    const lines = linesOf(run, began, A_RUN);
    bytes += lines.reduce((sum, line) => sum + line.length + 1, 0);
    batches.push(await timed(() => store.add(run, began, 0, lines)));
    if (index % 1000 === 999) process.stderr.write(`${(index + 1) * A_RUN} records\n`);
  }
  const seconds = (performance.now() - loading) / 1000;

  const began = '2026-06-15T00:00:00.000Z';
  await direct.query('create table plain (seq bigint primary key, line text not null)');
  const single: number[] = [];
  const plain: number[] = [];
  for (const [seq, line] of linesOf('single', began, SINGLE).entries()) {
    single.push(await timed(() => store.add('single', began, seq, [line])));
    plain.push(await timed(() => direct.query('insert into plain values ($1, $2)', [seq, line])));
  }
  await direct.query('vacuum analyze');
  const newest = 'from tejun.run order by began desc limit 10000';
  const listings: number[] = [];
  const column: number[] = [];
  let listed = 0;
  for (let round = 0; round < LISTINGS; round += 1) {
    listings.push(
      await timed(async () => {
        listed = (await store.runs(10_000)).length;
      }),
    );
    column.push(await timed(() => direct.query({ text: `select run ${newest}`, rowMode: 'array' })));
  }
  const plan = await direct.query(
    `explain (analyze, timing off) select about::text, records, heard, outcome ${newest}`,
  );
  const size = await direct.query(
    `select sum(pg_total_relation_size(relid))::bigint as all, sum(pg_relation_size(relid))::bigint as heap
     from pg_partition_tree('tejun.line') where isleaf`,
  );
  const reading = performance.now();
  let read = 0;
  for await (const _ of store.journal('run-000000')) read += 1;
  const readMs = performance.now() - reading;
  for (const values of [batches, single, plain, listings, column]) sorted(values);
  const total = RUNS * A_RUN;
  const perRecord = (value: unknown) => (Number(value) / total).toFixed(0);
  const { rows } = await direct.query('show server_version');
  process.stdout.write(
    [
      `machine            ${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, node ${process.version}, PostgreSQL ${rows[0].server_version}, fsync on`,
      `records            ${total} of ${RUNS} runs, ${(bytes / total).toFixed(0)} bytes a line`,
      `append, one        ${spread(single)}; ${ratio(single, plain)} of a plain insert (${spread(plain)})`,
      `append, ${A_RUN} at once  ${spread(batches)}`,
      `catching up        ${Math.round(total / seconds)} records a second`,
      `listing ${listed} runs  ${spread(listings)}; ${ratio(listings, column)} of one column of them (${spread(column)})`,
      `its plan           ${plan.rows.map((row) => row['QUERY PLAN'].trim()).join(' / ')}`,
      `reading ${read} records  ${shown(readMs)}`,
      `bytes a record     ${perRecord(size.rows[0].all)} (${perRecord(size.rows[0].heap)} without the index)`,
      '',
    ].join('\n'),
  );
  await direct.end();
  await store.end();
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
