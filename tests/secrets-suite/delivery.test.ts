import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import type { Call } from '../../src/rehearsal/fly/call.ts';
import { set } from '../../src/rehearsal/fly/commands/secrets.ts';
import { createApp, createFleet, type Fleet } from '../../src/rehearsal/fly/fleet.ts';
import { parseArgv } from '../../src/rehearsal/flyctl/parse.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { flySecrets, undeliverable } from '../../tasks/fly/secrets.ts';
import { contextFor } from '../tasks/context.ts';
import { times } from './scale.ts';

const VALUES = times(10_000);
/** Secrets of one step; each is a call of flyctl. */
const OF_A_STEP = 50;
/** Steps that run at the same time. */
const LANES = 4;

const directory = mkdtempSync(join(tmpdir(), 'tejun-courier-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * A flyctl that hands on, byte for byte, what it was started with and what it was given: starting the stand-in itself ten
 * thousand times would take half an hour. The stand-in's own code takes it from there.
 */
const COURIER = `#!/bin/sh
case $2 in
list) cat "$COURIER/list.json" ;;
*) printf '%s\\n' "$@" >"$COURIER/$$.argv"; exec cat >"$COURIER/$$.stdin" ;;
esac
`;

/** Values that have broken parsers before, and chance. */
function draw(index: number): Buffer {
  const kinds = [
    () => randomBytes(randomInt(1, 64)).toString('base64'),
    () => randomBytes(randomInt(1, 40)).toString('latin1'),
    () =>
      pick([
        'p#ssw0rd',
        'a"b#c',
        '"""',
        "it's",
        '$HOME',
        '`id`',
        '\\n',
        'x=y',
        '-',
        '--stage',
        'a\nb=c\n\nd',
        '%s%n',
        '*',
        '~',
      ]) + pick(['', ' #', '"', "'", '=', '\\']),
    () => Array.from({ length: randomInt(1, 30) }, () => pick([...'ab#"\'\\$=\n\r\t\0 é手🔑\u200b\ufeff'])).join(''),
    () =>
      `${pick(['', ' ', '\n', '\t', '\u00a0', '\u0085', '\ufeff'])}${randomBytes(6).toString('hex')}${pick(['', ' ', '\n', '\r\n', '\u2003', '\u0085'])}`,
  ];
  // At the edge of what flyctl reads; few, because a long secret has many forms to be masked in.
  if (index % 500 === 1) return Buffer.from('k'.repeat(pick([65_535, 65_536, 65_537, 70_000])));
  // One in ten is no text at all.
  if (index % 10 === 0) return randomBytes(randomInt(0, 48));
  return Buffer.from(kinds[index % kinds.length]?.() ?? '');
}

function pick<T>(of: readonly T[]): T {
  return of[randomInt(of.length)] as T;
}

/** What the platform holds after the stand-in has read what the courier brought. */
async function delivered(lane: string): Promise<ReadonlyMap<string, Buffer>> {
  const held = new Map<string, Buffer>();
  for (const file of readdirSync(lane).filter((name) => name.endsWith('.argv'))) {
    const argv = readFileSync(join(lane, file), 'utf8').trimEnd().split('\n');
    const parsed = parseArgv(argv, 'flyctl');
    if (parsed.kind !== 'run') throw new Error(`flyctl refused ${argv.join(' ')}`);
    const { command, flags, args } = parsed.invocation;
    const fleet = aFleet();
    const call: Call = {
      ...{
        program: 'flyctl',
        cwd: '/',
        app: 'booking',
        stdin: Readable.from([]),
        signal: new AbortController().signal,
      },
      ...{ command: command.path, args, flags: Object.fromEntries(flags) },
      input: readFileSync(join(lane, file.replace('.argv', '.stdin'))),
      ...{ out: () => {}, err: () => {} },
    };
    await set(fleet, call);
    for (const [name, { value }] of fleet.apps.get('booking')?.secrets ?? []) held.set(name, Buffer.from(value));
  }
  return held;
}

function aFleet(): Fleet {
  const nothing = new Proxy({}, { get: () => () => undefined });
  const fleet = createFleet({
    ...{ database: nothing as Fleet['database'], effects: nothing as Fleet['effects'], images: '', token: '' },
    ...{ record: () => {}, saveLogin: async () => {}, afterDeploy: async () => {} },
  });
  createApp(fleet, 'booking', 'personal', 'app');
  return fleet;
}

test('values through the real task, process and standard input: exact or refused, never altered', async () => {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'flyctl'), COURIER);
  chmodSync(join(bin, 'flyctl'), 0o755);
  const count = { exact: 0, refused: 0, altered: 0 };
  let next = 0;

  async function step(): Promise<void> {
    const first = next;
    next += OF_A_STEP;
    const lane = join(directory, `lane-${first}`);
    mkdirSync(lane);
    const length = Math.min(OF_A_STEP, VALUES - first);
    const values = new Map(Array.from({ length }, (_, at) => [`S${first + at}`, draw(first + at)]));
    writeFileSync(
      join(lane, 'list.json'),
      JSON.stringify([...values.keys()].map((name) => ({ name, status: 'Staged' }))),
    );
    const env = { PATH: `${bin}:${process.env['PATH']}`, COURIER: lane };
    // A value that is refused stops its step before anything is set, so each is tried alone first: that starts nothing.
    const names: string[] = [];
    for (const [name, bytes] of values) {
      if (undeliverable(new Secret(name, Buffer.from(bytes)))) count.refused += 1;
      else names.push(name);
    }
    const context = contextFor({
      env,
      cwd: lane,
      secrets: Object.fromEntries(names.map((name) => [name, values.get(name)?.toString() ?? ''])),
    });
    const { outcome, summary } = await flySecrets.run({ app: 'booking', names, stage: true }, context);
    expect({ outcome, ...(outcome === 'passed' ? {} : { summary }) }).toEqual({ outcome: 'passed' });
    const held = await delivered(lane);
    for (const name of names) {
      if (held.get(name)?.equals(values.get(name) ?? Buffer.alloc(0))) count.exact += 1;
      else count.altered += 1;
    }
    rmSync(lane, { recursive: true });
  }

  const lane = async () => {
    while (next < VALUES) await step();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  process.stdout.write(`${VALUES} values: ${count.exact} exact, ${count.refused} refused, ${count.altered} altered\n`);
  expect(count.exact + count.refused).toBe(VALUES);
  expect(count.exact).toBeGreaterThan(VALUES / 3);
  expect(count.refused).toBeGreaterThan(VALUES / 20);
}, 3_600_000);
