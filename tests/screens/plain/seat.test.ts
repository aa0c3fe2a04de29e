import { expect, test } from 'vitest';
import { runPlain } from '../../../screens/plain/main.ts';
import { fakeDesk } from '../fixtures/desk.ts';
import { FakeEngine } from '../fixtures/fake-engine.ts';
import { plan } from '../fixtures/plan.ts';
import { paste, Terminal } from '../fixtures/terminal.ts';

const ROWS = 200;

function open(engine: FakeEngine, heartbeatMs = 30_000) {
  const terminal = new Terminal(80, ROWS);
  const { stdin, stdout } = terminal;
  const ended = runPlain(fakeDesk(engine), {
    ...{ stdin, stdout, locale: 'en', env: { TERM: 'xterm' }, heartbeatMs },
    initial: { attach: 'run' },
  });
  /** Takes the choice of this name by its number, once it is asked for. */
  const choose = async (label: string) => {
    const text = await terminal.see(new RegExp(`\\d+\\) ${label}(?![\\s\\S]*Number[^:]*: \\d)[\\s\\S]*explains\\):$`));
    const number = [...text.matchAll(new RegExp(`^(\\d+)\\) ${label}`, 'gm'))].at(-1)?.[1] ?? '';
    await terminal.quiet(30);
    terminal.send(`${number}\r`);
  };
  return { terminal, ended, choose };
}

test('a secret is taken as on the screens, and nothing of it is printed', async () => {
  const engine = new FakeEngine({ plan: plan(), now: Date.now });
  const { terminal, ended, choose } = open(engine);
  await choose('run the checks');
  await choose('go on');
  await terminal.see('JWT_SECRET');
  await terminal.quiet(30);
  terminal.send(paste(`${'s3cret'.repeat(8)}\n`));
  await terminal.see('The line end after the paste was dropped.');
  terminal.send('\r');
  await terminal.see('JWT_SECRET: entered');
  expect(engine.secrets['JWT_SECRET']).toBe('s3cret'.repeat(8));
  expect(terminal.written).not.toContain('s3cret');

  terminal.send('\x03');
  await choose('Leave; the run waits');
  expect(await ended).toEqual({ exit: 6 });
  expect(terminal.raw).toBe(false);
});

test('a step that runs gives a sign of life, and nothing is drawn again', async () => {
  const engine = new FakeEngine({ plan: plan(), now: Date.now, stepMs: 400 });
  const { terminal, ended, choose } = open(engine, 100);
  await choose('run the checks');
  await terminal.see(/still running, 0:00 of at most/);
  await choose('go on');
  const steps = terminal.written.replace(/\x1b\[\?2004[hl]/g, '');
  expect(steps).not.toContain('\x1b');
  terminal.send('\x03');
  await choose('Leave; the run waits');
  expect(await ended).toEqual({ exit: 6 });
});
