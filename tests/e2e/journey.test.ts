import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldAll } from '../../src/engine/state.ts';
import { type OperatorHome, operatorHome, readRecords, verifyWithSshKeygen } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { expectNothingLeft, walkStage } from './stages.ts';
import { KEY, openTerminal, type TestTerminal } from './terminal.ts';

let home: OperatorHome;
let terminal: TestTerminal | undefined;

beforeEach(() => {
  home = operatorHome();
});
afterEach(() => {
  terminal?.kill();
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

const SECRETS = [
  'REDIS_URL',
  'JWT_SECRET',
  'WHATSAPP_ACCESS_TOKEN',
  'MERCADOPAGO_ACCESS_TOKEN',
  'ADMIN_ALLOWED_EMAILS',
  'ICS_SALT',
];

describe('a whole deployment in rehearsal, with keys only', () => {
  test('from Home to a sealed journal that ssh-keygen proves', async () => {
    const at = openTerminal({ env: home.env });
    terminal = at;

    // Home: which runbook, what to do, where.
    await at.waitFor('What do you want to run?');
    await at.press(KEY.enter);
    await at.waitFor('First set-up');
    await at.press(KEY.enter);
    await at.waitFor('On this machine. Nothing real is touched.');
    expect(at.screen()).toContain('production  sealed');
    await at.press(KEY.enter);
    await at.waitFor('No drill');
    await at.press(KEY.enter);

    // The runbook's values: the defaults are taken as they are.
    await at.waitFor('Número de la cabaña de prueba');
    await at.press(KEY.enter, KEY.enter, KEY.enter);

    // Pre-flight: three checks that only read.
    await at.waitFor('Enter runs 3 checks');
    await at.press(KEY.enter);
    await at.waitFor('All 3 checks passed');
    expect(at.screen()).toMatch(/✔ .*passed/);
    await at.press(KEY.enter);

    // Secrets: one is typed and never shown, the others are the rehearsal's own.
    await at.waitFor('REDIS_URL  (empty)');
    await at.press(KEY.enter);
    await at.waitFor('JWT_SECRET  (empty)');
    await at.press(...'correct-horse-battery-staple-00042');
    await at.waitFor('something entered');
    await at.press(KEY.enter);
    await at.waitFor('Type it once more');
    await at.press(...'correct-horse-battery-staple-00042');
    await at.waitFor('something entered');
    await at.press(KEY.enter);
    for (const name of SECRETS.slice(2)) {
      await at.waitFor(`${name}  (empty)`);
      await at.press(KEY.enter);
    }

    // Seed: the app and its database are made; the part that a person does is attested.
    await walkStage(at, 'Seed');
    await at.waitFor('You do this step');
    await at.press(KEY.enter);
    await at.waitFor('Done: what did you see?');
    await at.press(...'db made');
    await at.press(KEY.enter);
    await at.waitFor('Enter runs: Secretos guardados');
    await at.press(KEY.enter);
    await at.waitFor('Enter goes on: Deploy');
    await at.press(KEY.enter);

    // Deploy: real machines are started, and their health is waited for.
    await walkStage(at, 'Deploy');
    await at.waitFor('Enter goes on: Verify', 60_000);
    expect(at.screen()).toContain('2/2 machines started');
    await at.press(KEY.enter);

    // Verify: health, readiness, metrics, and the benchmark with its spread.
    await walkStage(at, 'Verify');
    await at.waitFor('Enter goes on: Seed', 60_000);
    expect(at.screen()).toMatch(/path\s+p50\s+p95\s+errors/);
    expect(at.screen()).toMatch(/\/api\/v1\/healthz.*%.*[▂▃▅▇]/);
    await at.press(KEY.enter);
    await at.waitFor('Existe la cabaña de prueba');
    await at.press(KEY.enter);
    await at.waitFor('Enter goes on: Verify');
    await at.press(KEY.enter);
    await walkStage(at, 'Verify');
    await at.waitFor('Enter goes on: Checklist', 30_000);
    expect(at.screen()).toContain('1 × 201, 1 × 409');
    await at.press(KEY.enter);

    // Checklist: what steps prove is ticked; what a person must say is open.
    await at.waitFor('2 items are open');
    await at.press(KEY.enter);
    await at.waitFor('Seal with 2 open items?');
    await at.press('y', KEY.enter);

    // Done.
    const done = await at.waitFor('Enter leaves tejun', 30_000);
    expect(done).toContain('✔ Done');
    expect(done).toContain('REHEARSAL');
    expect(done).toContain('Signed by alice@ops');
    await at.press(KEY.enter);
    expect(await at.ended()).toBe(0);

    const [journal] = home.journals();
    const records = readRecords(journal ?? '');
    const state = foldAll(records);
    expect(state.seal?.outcome).toBe('completed');
    expect(Object.values(state.steps).filter(({ status }) => status === 'failed')).toEqual([]);
    expect(state.checklist.filter(({ state }) => state === 'done')).toHaveLength(7);
    expect(verifyWithSshKeygen(journal ?? '', home.publicKey, 'rehearsal@tejun')).toContain(
      'Good "rehearsal@tejun" signature',
    );
    // A rehearsal's seal is none of a real run's.
    expect(() => verifyWithSshKeygen(journal ?? '', home.publicKey, 'journal@tejun')).toThrow();

    expect(at.bytes()).not.toContain('correct-horse');
    expect(JSON.stringify(records)).not.toContain('correct-horse');
    expect(at.bytes()).not.toContain('\x1b[3J');
    await expectNothingLeft(home);
  });
});
