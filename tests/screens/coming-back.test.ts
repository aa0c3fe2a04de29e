import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fakeDesk } from './fixtures/desk.ts';
import { FakeEngine, RUN } from './fixtures/fake-engine.ts';
import { passed } from './fixtures/models.ts';
import { plan } from './fixtures/plan.ts';
import { Terminal } from './fixtures/terminal.ts';

const by = 'ana@ops';
let engine: FakeEngine;
let terminal: Terminal;
beforeEach(() => {
  engine = new FakeEngine({ now: Date.now, plan: plan() });
  engine.append({ type: 'screens', state: 'attached', by });
  for (const id of ['fly', 'region', 'repo']) for (const entry of passed(id)) engine.append(entry);
  for (const name of ['JWT_SECRET', 'REDIS_URL']) engine.append({ type: 'secret.set', name, source: 'typed', by });
  engine.append({ type: 'guard.satisfied', guard: 'confirm', how: 'confirm', by });
  terminal = new Terminal(80, 24);
});
afterEach(async () => {
  terminal.stdin.emit('end');
  await sleep(20);
});

function open(watch = false): void {
  void terminal.run(fakeDesk(engine), { initial: { attach: RUN, watch }, locale: 'en' });
}

describe('coming back after the screens were gone', () => {
  test('shows first what ended meanwhile, and then the screen', async () => {
    const [intent, result] = passed('app');
    if (intent) engine.append(intent);
    engine.append({ type: 'screens', state: 'lost', by });
    if (result) engine.append(result);
    open();
    const shown = await terminal.see('While you were away');
    expect(shown).toContain('the screens were gone');
    expect(shown).toContain('✔ Crear la aplicación · passed');
    // What was before is not told again.
    expect(shown).not.toContain('began:');
    await terminal.press('esc', 'Esc close');
    await terminal.see('Enter runs');
  });

  test('shows nothing of the kind when nothing happened', async () => {
    engine.append({ type: 'screens', state: 'lost', by });
    open();
    await terminal.see('Enter runs');
  });
});

test('who watches follows the run, is asked nothing, and can ask for nothing', async () => {
  open(true);
  const shown = await terminal.see('You only look on');
  expect(shown).toContain('watching');
  expect(shown).not.toContain('Enter runs');
  await terminal.press('enter', 'You only look on');
  await terminal.press('a', 'You only look on');
  for (const id of ['app', 'db']) for (const entry of passed(id)) engine.append(entry);
  await terminal.see(/Cargar los secretos/);
  expect(engine.intents).toEqual([]);
});
