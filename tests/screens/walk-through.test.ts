import { describe, expect, it } from 'vitest';
import { fakeDesk } from './fixtures/desk.ts';
import { FakeEngine } from './fixtures/fake-engine.ts';
import { plan } from './fixtures/plan.ts';
import { Terminal } from './fixtures/terminal.ts';

describe('the whole way, from Home to Done', () => {
  it('is walked with Enter, one y, two words and one tick', async () => {
    const engine = new FakeEngine({ plan: plan(), now: Date.now });
    const terminal = new Terminal();
    const ended = terminal.run(fakeDesk(engine));

    await terminal.press('enter', 'What do you want to run?');
    await terminal.press('enter', 'What do you want to do?');
    await terminal.press('enter', 'Where?');
    await terminal.press('enter', 'Practise a failure?');
    await terminal.press('enter', 'Primera noche de la prueba');
    await terminal.press('enter', 'Enter opens rehearsal');
    await terminal.press('enter', 'Enter runs 3 checks');
    await terminal.press('enter', 'All 3 checks passed');
    await terminal.press('enter', /JWT_SECRET\s+\(empty\)/);
    await terminal.press('enter', /REDIS_URL\s+\(empty\)/);
    await terminal.press('y', 'Is this the right environment?');
    await terminal.press('enter', 'Enter confirms rehearsal');
    await terminal.press('enter', 'Enter runs: Crear la aplicación');
    await terminal.press('enter', 'Enter runs: Crear y adjuntar');
    await terminal.press('enter', 'Enter goes on: Deploy');
    await terminal.press('a', 'Enter runs: Cargar los secretos');
    await terminal.press('enter', 'Enter goes on: Verify');
    await terminal.press('a', 'Enter runs: El servicio responde');
    await terminal.press('enter', 'You do this step');
    await terminal.press('flat', 'what did you see?');
    await terminal.press('enter', 'flat');
    await terminal.press('enter', 'Enter goes on: Checklist');
    await terminal.press('down', '1 item is open');
    await terminal.press('down', /❯ .*huéspedes/);
    await terminal.press('d', /❯ .*guardia/);
    await terminal.press('enter', 'Done: what did you see?');
    await terminal.press('enter', 'Nothing is open');
    await terminal.press('enter', 'Enter leaves tejun');

    expect(await ended).toEqual({ exit: 0 });
    // In full and in one piece, so that it can be copied, however wide the terminal is.
    expect(terminal.written).toMatch(/Verify: +tejun verify \/home\S+\/journal\.jsonl\n/);
    expect(terminal.raw).toBe(false);
    expect(engine.state.seal?.open).toEqual([]);
    expect(engine.intents.filter(({ kind }) => kind === 'guard')).toEqual([{ kind: 'guard', text: 'yes' }]);
  });
});
