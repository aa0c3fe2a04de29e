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

describe('a release that never becomes healthy', () => {
  test('is seen as such, and left through the Rollback screen', async () => {
    const at = openTerminal({
      args: ['cabanas-staging', '--env', 'rehearsal', '--flow', 'redeploy', '--lang', 'en'],
      env: home.env,
    });
    terminal = at;

    await at.waitFor('On this machine. Nothing real is touched.');
    await at.press(KEY.enter);
    await at.waitFor('release-unhealthy');
    await at.press(KEY.down, KEY.enter);
    await at.waitFor('Número de la cabaña de prueba');
    await at.press(KEY.enter, KEY.enter, KEY.enter);
    await at.waitFor('Enter runs 3 checks');
    await at.press(KEY.enter);
    await at.waitFor('All 3 checks passed');
    await at.press(KEY.enter);

    await walkStage(at, 'Deploy');
    const failed = await at.waitFor('is not healthy', 90_000);
    expect(failed).toMatch(/✖ .*failed/);
    expect(failed).toMatch(/R roll back/);

    await at.press('R');
    const offer = await at.waitFor('registry.fly.io/');
    expect(offer).toMatch(/database/i);
    await at.press(KEY.enter);
    await at.waitFor('Press y');
    await at.press('y', KEY.enter);
    await at.waitFor(/2\/2 machines started/, 60_000);

    await at.waitFor('Enter goes to the checklist');
    await at.press(KEY.enter);
    await at.waitFor('9 items are open');
    await at.press(KEY.enter);
    await at.waitFor('Press y');
    await at.press('y', KEY.enter);
    await at.waitFor('Enter leaves tejun', 30_000);
    await at.press(KEY.enter);
    expect(await at.ended()).toBe(1);

    const [journal] = home.journals();
    const state = foldAll(readRecords(journal ?? ''));
    expect(state.seal?.outcome).toBe('rolled-back');
    expect(state.steps['despliegue']).toMatchObject({ status: 'failed', problem: { code: 'released-not-healthy' } });
    expect(state.steps['volver']?.status).toBe('passed');
    expect(verifyWithSshKeygen(journal ?? '', home.publicKey, 'rehearsal@tejun')).toContain('Good');
    await expectNothingLeft(home);
  });
});
