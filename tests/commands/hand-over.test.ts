import { expect, test } from 'vitest';
import type { GivenSecrets } from '../../src/commands/given-secrets.ts';
import { handOver } from '../../src/commands/hand-over.ts';
import { GENESIS } from '../../src/journal/records.ts';
import { memoryLink } from '../../src/link/memory.ts';
import type { EngineMessage, Intent } from '../../src/link/messages.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { planOf } from '../engine/fixtures.ts';
import { ALICE } from '../link/visitors.ts';

const position = { line: 1, column: 1 };
const plan = planOf([], {
  secrets: ['A', 'B'].map((name) => ({ name, ask: name, optional: false, differsFrom: 'staging', position })),
});
const given = (digest = plan.runbook.digest): GivenSecrets => ({
  runbook: digest,
  secrets: [
    { secret: new Secret('A', Buffer.from('hunter2hunter2')), source: 'file' },
    { secret: new Secret('NOT_OF_THIS_PLAN', Buffer.from('x')), source: 'file' },
    { secret: new Secret('A', Buffer.from('elsewhere')), source: 'env', environment: 'staging' },
  ],
});
const delivered = () => new Promise((resolve) => setImmediate(resolve));
const set = (name: string, seq: number): EngineMessage => ({
  kind: 'record',
  record: { type: 'secret.set', name, source: 'file', by: 'alice@ops', seq, at: '', mono: 0, prev: GENESIS },
});

/** A front end that attaches with these secrets, and what it and the engine hear. */
async function attached(secrets: GivenSecrets | undefined) {
  const { engine, screen } = memoryLink(ALICE);
  const heard: string[] = [];
  const intents: Intent[] = [];
  engine.onIntent((intent) => intents.push(intent));
  handOver(screen, secrets).onMessage(({ kind }) => heard.push(kind));
  engine.send({ kind: 'hello', run: 'run-1', plan, directory: '/tmp', pid: 1 });
  engine.send({ kind: 'caught-up' });
  await delivered();
  const answer = async (message: EngineMessage) => {
    engine.send(message);
    await delivered();
  };
  return { heard, intents, answer };
}

test('what is only compared with goes first, then what the plan needs; and nobody is asked before it is answered', async () => {
  const secrets = given();
  const { heard, intents, answer } = await attached(secrets);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  expect(intents).toEqual([
    { kind: 'secret', name: 'A', source: 'env', environment: 'staging', bytes: base64('elsewhere') },
    { kind: 'secret', name: 'A', source: 'file', bytes: base64('hunter2hunter2') },
  ]);
  expect(heard).toEqual(['hello']);
  await answer(set('A', 0));
  expect(heard).toEqual(['hello', 'record', 'caught-up']);
  expect(secrets.secrets.map(({ secret }) => secret.wiped)).toEqual([true, false, true]);
});

test('one that the engine refuses is heard as if it had been typed', async () => {
  const { heard, answer } = await attached(given());
  await answer({ kind: 'refused', problem: { code: 'secret-rejected', what: 'A was not taken.' } });
  expect(heard).toEqual(['hello', 'caught-up', 'refused']);
});

test.each([
  ['nothing was given', undefined],
  ['they are for another runbook', given('e'.repeat(64))],
])('nothing is sent when %s', async (_, secrets) => {
  const { heard, intents } = await attached(secrets);
  expect([heard, intents]).toEqual([['hello', 'caught-up'], []]);
});
