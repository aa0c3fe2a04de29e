import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startEngine } from '../../src/commands/launch.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import type { EngineMessage, Intent } from '../../src/link/messages.ts';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { endProcessesOf } from './processes.ts';

const RUNBOOK = `---
tejun: 1
title: Two operators
language: en
timezone: UTC
environments:
  production: { guard: open, lock: DATABASE_URL }
secrets:
  DATABASE_URL: { ask: The database of the service, format: { url: [postgresql] } }
---

# Two operators

\`\`\`bash deploy id=first timeout=60s
until [ -e go ]; do sleep 0.1; done
\`\`\`

\`\`\`bash deploy id=second
echo second
\`\`\`
`;

let root: string;
let database: Database;
let url: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tejun-two-'));
  chmodSync(root, 0o711);
  database = await startDatabase(join(root, 'data'), () => {});
  await database.createDatabase('booking', 'ana', 'a password of ana', false);
  url = `postgresql://ana:a%20password%20of%20ana@127.0.0.1:${database.port}/booking`;
});
afterAll(async () => {
  await database.stop();
  rmSync(root, { recursive: true, force: true });
});

const before = { ...process.env };
let homes: string[];
beforeEach(() => {
  homes = [];
});
afterEach(() => {
  for (const home of homes) endProcessesOf(home);
  process.env = { ...before };
});

/** An engine process on a host of its own: another state directory, another path of the runbook, another operator. */
async function engineOf(name: string, text = RUNBOOK) {
  const home = mkdtempSync(join(root, `${name}-`));
  homes.push(home);
  const project = join(home, `${name}s-checkout`);
  mkdirSync(project);
  const runbook = join(project, 'two.md');
  writeFileSync(runbook, text);
  Object.assign(process.env, { HOME: home, TEJUN_HOME: join(home, 'state'), TEJUN_OPERATOR: `${name}@ops` });
  delete process.env['SSH_AUTH_SOCK'];
  const run = `20261122-0529-${name}`;
  const spec = { run, runbook, environment: 'production', flow: 'setup', values: {} } as const;
  const screen = await startEngine(spec, project, () => {});
  const heard: EngineMessage[] = [];
  screen.onMessage((message) => heard.push(message));
  const records = () => heard.flatMap((message) => (message.kind === 'record' ? [message.record] : []));
  return {
    run,
    /** Lets the first step end. */
    go: () => writeFileSync(join(project, 'go'), ''),
    records,
    ask: (intent: Intent) => screen.send(intent),
    giveUrl: () =>
      screen.send({
        kind: 'secret',
        name: 'DATABASE_URL',
        source: 'typed',
        bytes: Buffer.from(url).toString('base64'),
      }),
    found: (match: (record: JournalRecord) => boolean) => until(() => records().find(match)),
    refused: (code: string) =>
      until(() => heard.find((message) => message.kind === 'refused' && message.problem.code === code)),
    pid: () => heard.flatMap((message) => (message.kind === 'hello' ? [message.pid] : []))[0] ?? 0,
  };
}

async function until<T>(find: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const found = find();
    if (found !== undefined) return found;
    await sleep(20);
  }
  throw new Error('it never came');
}

const stepTypes = (records: readonly JournalRecord[]) =>
  records.flatMap((record) =>
    record.type === 'step.intent' || record.type === 'step.result' ? [`${record.type} ${record.step}`] : [],
  );

describe('two engines on two hosts, one database', () => {
  test('the second changes nothing until it takes the lock over; the first ends its step, and starts no other', async () => {
    const alice = await engineOf('alice');
    alice.giveUrl();
    await alice.found(({ type }) => type === 'lock.held');
    alice.ask({ kind: 'run', steps: ['first', 'second'] });
    await alice.found(({ type }) => type === 'step.intent');

    const bob = await engineOf('bob');
    bob.giveUrl();
    expect(await bob.refused('lock-held')).toMatchObject({
      problem: { what: expect.stringMatching(/^two\.md in production is in use by alice@ops .*at “Two operators”\.$/) },
    });
    bob.ask({ kind: 'run', steps: ['first'] });
    await until(() => bob.records().filter(({ type }) => type === 'refused')[1]);
    expect(stepTypes(bob.records())).toEqual([]);

    bob.ask({ kind: 'take-over', typed: alice.run });
    expect(await bob.found(({ type }) => type === 'lock.taken')).toMatchObject({
      scope: 'database',
      from: { run: alice.run, operator: 'alice@ops' },
      by: 'bob@ops',
    });
    expect(await alice.found(({ type }) => type === 'lock.lost')).toMatchObject({
      scope: 'database',
      to: { run: bob.run, operator: 'bob@ops' },
      by: 'bob@ops',
    });
    alice.go();
    await alice.found(({ type }) => type === 'step.result');
    alice.ask({ kind: 'run', steps: ['second'] });
    await alice.refused('lock-lost');
    expect(stepTypes(alice.records())).toEqual(['step.intent first', 'step.result first']);

    bob.go();
    bob.ask({ kind: 'run', steps: ['first', 'second'] });
    await bob.found((record) => record.type === 'step.result' && record.step === 'second');
  });

  test('kill -9 of the engine frees the lock for the next operator, and the journal of neither speaks of a take-over', async () => {
    const carol = await engineOf('carol');
    carol.giveUrl();
    await carol.found(({ type }) => type === 'lock.held');
    process.kill(carol.pid(), 'SIGKILL');
    const dave = await engineOf('dave');
    dave.giveUrl();
    await dave.found(({ type }) => type === 'lock.held');
    expect(dave.records().some(({ type }) => type === 'lock.taken')).toBe(false);
  });
});

describe('two engines on two hosts, an environment without a database, and the team’s store', () => {
  test('the second is told at once, and changes nothing until it takes the lock over', async () => {
    process.env['TEJUN_STORE'] = url;
    const without = RUNBOOK.replace(', lock: DATABASE_URL', '').replace(/secrets:\n.*\n/, '');
    const erin = await engineOf('erin', without);
    expect(await erin.found(({ type }) => type === 'lock.held')).toMatchObject({ scope: 'store' });
    erin.ask({ kind: 'run', steps: ['first', 'second'] });
    await erin.found(({ type }) => type === 'step.intent');

    const frank = await engineOf('frank', without);
    expect(await frank.refused('lock-held')).toMatchObject({
      problem: { what: expect.stringMatching(/in use by erin@ops .*at “Two operators”\.$/) },
    });
    frank.ask({ kind: 'take-over', typed: erin.run });
    const taken = await frank.found(({ type }) => type === 'lock.taken');
    expect(taken).toMatchObject({ scope: 'store', from: { run: erin.run }, by: 'frank@ops' });
    const lost = await erin.found(({ type }) => type === 'lock.lost');
    expect(lost).toMatchObject({ scope: 'store', to: { run: frank.run }, by: 'frank@ops' });
    erin.go();
    await erin.found(({ type }) => type === 'step.result');
    erin.ask({ kind: 'run', steps: ['second'] });
    await erin.refused('lock-lost');
    expect(stepTypes(erin.records())).toEqual(['step.intent first', 'step.result first']);
  });
});
