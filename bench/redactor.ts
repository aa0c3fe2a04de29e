/**
 * How fast the redactor is, beside GNU sed with one pattern on the same file in the same run. The redactor looks for 50
 * secrets in all their forms. Run: node bench/redactor.ts [megabytes]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { createRedactor } from '../src/secrets/redactor.ts';
import { Secret } from '../src/secrets/secret.ts';

const MEGABYTE = 1024 * 1024;
const CHUNK = 64 * 1024;
const ROUNDS = 5;
const SECRETS = 50;

const size = Number(process.argv[2] ?? 128) * MEGABYTE;
const directory = mkdtempSync(join(tmpdir(), 'tejun-bench-'));
const log = join(directory, 'deploy.log');
try {
  writeLog();
  const redactor = createRedactor();
  for (let index = 0; index < SECRETS; index += 1)
    redactor.register(new Secret(`S${index}`, Buffer.from(secret(index))));
  // Taken in turns, so that what else the machine does hits both alike; the best of each counts.
  const rounds = Array.from({ length: ROUNDS }, () => ({
    sed: timed(runSed),
    own: timed(() => {
      const before = process.cpuUsage();
      runRedactor(redactor);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
    memory: process.memoryUsage().rss,
  }));
  say(
    `${size / MEGABYTE} MiB, ${ROUNDS} rounds, best of each; load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  );
  for (const kind of ['wall', 'cpu'] as const) {
    const sed = Math.min(...rounds.map((round) => round.sed[kind]));
    const own = Math.min(...rounds.map((round) => round.own[kind]));
    say(`${kind === 'cpu' ? 'processor time, which no other program lengthens' : 'time on the clock'}`);
    say(`  sed, 1 pattern       ${speed(sed)}`);
    say(`  redactor, ${SECRETS} secrets ${speed(own)}`);
    say(`  ratio                ${(sed / own).toFixed(2)} (1 and more: at least as fast as sed)`);
  }
  const memory = rounds.map((round) => `${(round.memory / MEGABYTE).toFixed(0)} MiB`);
  say(`memory after each round ${memory.join(', ')}`);
} finally {
  rmSync(directory, { recursive: true });
}

/** Lines of a deploy's log; one in ten thousand shows a secret. */
function writeLog(): void {
  const fd = openSync(log, 'w', 0o600);
  let line = 0;
  for (let written = 0; written < size; ) {
    let block = '';
    for (let count = 0; count < 1000; count += 1) {
      line += 1;
      const id = random(`line ${line}`).toString('hex').slice(0, 14);
      const shown = line % 10_000 === 0 ? `password=${secret(line % SECRETS)}` : `${line % 97}ms`;
      block += `2026-11-22T05:${String(line % 60).padStart(2, '0')}:31Z app[${id}] gru [info] GET /api/bookings/${line} 200 ${shown}\n`;
    }
    written += writeSync(fd, block);
  }
  closeSync(fd);
}

/** Of the kinds that runbooks hold: connection URLs, API tokens, keys in base64. The same in every run. */
function secret(index: number): string {
  const bytes = random(`secret ${index}`);
  if (index % 3 === 0)
    return `postgresql+asyncpg://app:${bytes.toString('base64url').slice(0, 20)}@db${index}.internal/booking`;
  return index % 3 === 1 ? `sk_live_${bytes.toString('hex')}` : bytes.toString('base64');
}

function random(seed: string): Buffer {
  return createHash('sha256').update(seed).digest();
}

/** Gives the milliseconds of the processor that it took, as bash counts them. */
function runSed(): number {
  const script = 'TIMEFORMAT="%3U %3S"; time sed "$0" "$1" >/dev/null';
  const { status, stderr } = spawnSync('bash', ['--norc', '-c', script, `s|${secret(1)}|[S1]|g`, log], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
  });
  if (status !== 0) throw new Error(`sed ended with ${status}`);
  const [user = 0, system = 0] = stderr.trim().replaceAll(',', '.').split(' ').map(Number);
  return (user + system) * 1000;
}

/** From bytes on disk to bytes written, as for sed. */
function runRedactor(redactor: ReturnType<typeof createRedactor>): void {
  const input = openSync(log, 'r');
  const output = openSync('/dev/null', 'w');
  const bytes = Buffer.alloc(CHUNK);
  const decoder = new StringDecoder('utf8');
  const stream = redactor.stream();
  for (let read = readSync(input, bytes); read > 0; read = readSync(input, bytes)) {
    writeSync(output, stream.push(decoder.write(bytes.subarray(0, read))));
  }
  writeSync(output, stream.push(decoder.end()) + stream.flush());
  closeSync(input);
  closeSync(output);
}

/** @param work gives the milliseconds of the processor that it took */
function timed(work: () => number): { wall: number; cpu: number } {
  const started = performance.now();
  const cpu = work();
  return { wall: performance.now() - started, cpu };
}

function speed(ms: number): string {
  return `${(size / MEGABYTE / (ms / 1000)).toFixed(0)} MiB/s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
