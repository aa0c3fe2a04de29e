import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/engine/plan.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import type { SecretFormat } from '../../src/runbook/types.ts';
import { fakeDesk } from './fixtures/desk.ts';
import { FakeEngine, type FakeOptions, RUN } from './fixtures/fake-engine.ts';
import { passed } from './fixtures/models.ts';
import { plan } from './fixtures/plan.ts';
import { paste, Terminal } from './fixtures/terminal.ts';

const open: Terminal[] = [];
afterEach(async () => {
  // Whatever a test left open is left the way an operator would.
  for (const terminal of open.splice(0)) terminal.stdin.emit('end');
  await sleep(20);
});

/** Screens attached to a run that has got as far as `upTo`. */
function attached(
  upTo: 'start' | 'checked' | 'secrets' | 'seeded',
  given: Partial<FakeOptions> & { size?: [number, number] } = {},
) {
  const { size = [80, 24], ...options } = given;
  const of: Plan = options.plan ?? plan();
  const engine = new FakeEngine({ now: Date.now, ...options, plan: of });
  const by = 'ana@ops';
  const told = { start: 0, checked: 1, secrets: 2, seeded: 3 }[upTo];
  if (told >= 1) for (const id of ['fly', 'region', 'repo']) for (const entry of passed(id)) engine.append(entry);
  if (told >= 2) {
    for (const name of ['JWT_SECRET', 'REDIS_URL']) engine.append({ type: 'secret.set', name, source: 'typed', by });
  }
  if (told >= 3) {
    engine.append({ type: 'guard.satisfied', guard: 'confirm', how: 'confirm', by });
    for (const id of ['app', 'db']) for (const entry of passed(id)) engine.append(entry);
  }
  const terminal = new Terminal(...size);
  open.push(terminal);
  const ended = terminal.run(fakeDesk(engine), { initial: { attach: RUN } });
  return { engine, terminal, ended };
}

describe('a screen that waits', () => {
  it('sends nothing', async () => {
    const { terminal } = attached('seeded');
    await terminal.see('Enter runs: Cargar los secretos');
    await terminal.quiet();
    const before = terminal.written.length;
    await sleep(1300);
    expect(terminal.written.length - before).toBe(0);
  });

  it('never erases the scrollback, nor asks the terminal anything', async () => {
    const { terminal } = attached('seeded', {
      size: [40, 12],
      scenes: { rollout: { ms: 800, lines: Array(30).fill('==> working') } },
    });
    await terminal.press('a', 'Enter runs: Cargar');
    await terminal.press('?', 'Enter goes on');
    await terminal.press('esc', 'Keys');
    await terminal.see('Enter goes on');
    expect(terminal.written).not.toContain('\x1b[3J');
    expect(terminal.written).not.toMatch(/\x1b\[(?:6n|c|\?u|>q)/);
    expect(terminal.written).not.toContain('\x1b[?1049h');
  });
});

describe('a step that runs', () => {
  it('shows a clock, and sends less than 2 KiB a second', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, index) => `==> [${index}/300] Updating machines of 'sist-cabanas-mvp'`,
    );
    const { terminal } = attached('seeded', { scenes: { secrets: { ms: 4000, lines } } });
    await terminal.press('enter', 'Enter runs: Cargar');
    await terminal.see('of at most 1:00');
    const before = terminal.written.length;
    await sleep(2000);
    expect(terminal.text).toMatch(/0:0[1-3] of at most 1:00/);
    expect((terminal.written.length - before) / 2).toBeLessThan(2048);
  });

  it('is stopped by a second Ctrl-C, and then offers what to do', async () => {
    const { terminal, engine } = attached('seeded', { scenes: { secrets: { ms: 9000 } } });
    await terminal.press('enter', 'Enter runs: Cargar');
    await terminal.press('ctrl+c', 'of at most');
    await terminal.see('Leave?');
    terminal.send('\x03');
    const text = await terminal.see('It was stopped by the operator.');
    expect(text).toMatch(/r try again {3}s skip {3}h by hand {3}R roll back/);
    expect(engine.intents.at(-1)).toEqual({ kind: 'stop', how: 'now' });
  });
});

describe('keys that come too early', () => {
  it('do not answer the question that follows', async () => {
    const { terminal, engine } = attached('secrets');
    await terminal.see('Is this the right environment?');
    await terminal.quiet();
    // y and Enter confirm; the second Enter was typed before anyone could see the first step.
    terminal.send('y\r\r\r');
    await terminal.see('Enter runs: Crear la aplicación');
    await terminal.quiet();
    expect(engine.intents.map(({ kind }) => kind)).toEqual(['guard']);
  });

  it('typed into a secret are thrown away as a whole, and it is said', async () => {
    const { terminal, engine } = attached('checked');
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send('\rabc');
    await terminal.see('REDIS_URL  (empty)');
    expect(await terminal.see('thrown away')).toContain('(empty)');
    expect(engine.secrets).toEqual({ JWT_SECRET: '' });
  });
});

/** Enters a secret that was typed by hand the second time. */
async function enterAgain(terminal: Terminal, value: string): Promise<void> {
  expect(await terminal.see('Type it once more')).toContain('(empty)');
  await terminal.quiet();
  terminal.send(value);
  await terminal.press('enter', 'Enter takes it');
}

/** The plan with another format for its first secret. */
function planWith(format: SecretFormat): Plan {
  const of = plan();
  return { ...of, secrets: of.secrets.map((spec) => (spec.name === 'JWT_SECRET' ? { ...spec, format } : spec)) };
}

describe('a secret', () => {
  it('leaves no trace on the screen, not even its length', async () => {
    const frames = await Promise.all(
      ['x', 'a-much-longer-secret-value-0123456789'].map(async (value) => {
        const { terminal, engine } = attached('checked');
        await terminal.see('JWT_SECRET  (empty)');
        await terminal.quiet();
        terminal.send(value);
        const shown = await terminal.see('something entered');
        await terminal.press('enter', 'Enter takes it');
        await enterAgain(terminal, value);
        await terminal.see('REDIS_URL  (empty)');
        expect(engine.secrets['JWT_SECRET']).toBe(value);
        if (value.length > 1) expect(terminal.written).not.toContain(value);
        return shown.replace(/\d+:\d\d/, '');
      }),
    );
    expect(frames[0]).toBe(frames[1]);
  });

  it('is taken from a paste without its last line end, and that is said', async () => {
    const { terminal, engine } = attached('checked');
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send(paste('s3cret\n'));
    await terminal.see('line end after the paste was dropped');
    await terminal.press('enter', 'Enter takes it');
    await terminal.see('REDIS_URL  (empty)');
    expect(engine.secrets['JWT_SECRET']).toBe('s3cret');
  });

  it('that was typed is asked for twice; two that differ are thrown away, and it is said', async () => {
    const { terminal, engine } = attached('checked');
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send('one');
    await terminal.press('enter', 'Enter takes it');
    await enterAgain(terminal, 'other');
    expect(await terminal.see('not the same')).toContain('JWT_SECRET  (empty)');
    expect(engine.intents).toEqual([]);
    expect((await terminal.see('JWT_SECRET')).includes('once more')).toBe(false);
  });

  it('of several lines is taken where it may have them', async () => {
    const plan = planWith({ multiline: true });
    const { terminal, engine } = attached('checked', { plan });
    expect(await terminal.see('JWT_SECRET  (empty)')).toContain('several lines are fine');
    await terminal.quiet();
    terminal.send(paste('-----BEGIN KEY-----\none\n-----END KEY-----\n'));
    await terminal.press('enter', 'Enter takes it');
    await terminal.see('REDIS_URL  (empty)');
    expect(engine.secrets['JWT_SECRET']).toBe('-----BEGIN KEY-----\none\n-----END KEY-----');
  });

  it('of which the end of the paste was lost is thrown away whole, and it is said', async () => {
    const { terminal, engine } = attached('checked');
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send('\x1b[200~half of it\r');
    expect(await terminal.see('the end of the paste did not arrive')).toContain('(empty)');
    expect(engine.intents).toEqual([]);
  });

  it('of several lines is refused where it has one', async () => {
    const { terminal, engine } = attached('checked');
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send(paste('one\ntwo'));
    expect(await terminal.see('several lines')).toContain('(empty)');
    expect(engine.intents).toEqual([]);
  });

  it('that the engine refuses is asked for again, with the reason', async () => {
    const problem: ProblemDetail = {
      code: 'secret-rejected',
      what: 'JWT_SECRET is shorter than 32 characters.',
      next: ['openssl rand -hex 32'],
    };
    const { terminal } = attached('checked', { refuseSecret: () => problem });
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send(paste('short'));
    await terminal.press('enter', 'Enter takes it');
    expect(await terminal.see('shorter than 32')).toContain('JWT_SECRET  (empty)');
  });

  it('is corrected with backspace, character by character, and forgotten on the way back', async () => {
    const { terminal, engine } = attached('checked');
    await terminal.see('JWT_SECRET  (empty)');
    await terminal.quiet();
    terminal.send('añ順\x7f\x7fb');
    await terminal.press('enter', 'Enter takes it');
    await enterAgain(terminal, 'ab');
    await terminal.see('REDIS_URL  (empty)');
    expect(engine.secrets['JWT_SECRET']).toBe('ab');
    await terminal.quiet();
    terminal.send('half');
    await terminal.press('esc', 'something entered');
    await terminal.press('enter', 'All 3 checks passed');
    await terminal.see('REDIS_URL  (empty)');
  });
});

describe('a failure', () => {
  const rollout = {
    ends: [
      {
        outcome: 'failed' as const,
        problem: {
          code: 'fly-unhealthy',
          what: 'v13 never became healthy.',
          means: 'v12 serves.',
          next: ['roll back (R)'],
        },
      },
    ],
  };
  const back = {
    choice: {
      field: 'image',
      suggested: 0,
      warning: { kind: 'fly-rollback' } as const,
      options: [
        { value: 'r12', label: 'v12' },
        { value: 'r11', label: 'v11' },
      ],
    },
  };

  it('is left through the rollback: choose, y, Enter; then the checklist', async () => {
    const { terminal, engine, ended } = attached('seeded', { scenes: { rollout, back } });
    await terminal.press('a', 'Enter runs: Cargar');
    await terminal.press('R', 'v13 never became healthy.');
    expect(await terminal.see('Go back to which?')).toContain('The database is not undone');
    await terminal.press('enter', 'Go back to which?');
    await terminal.press('y', 'Roll back to v12?');
    await terminal.press('enter', 'Enter does it');
    await terminal.press('enter', 'Went back');
    await terminal.press('enter', '3 items are open');
    await terminal.press('y', 'Seal with 3 open items?');
    await terminal.press('enter', 'Enter does it');
    await terminal.press('enter', 'Rolled back.');
    expect(await ended).toEqual({ exit: 1 });
    expect(engine.intents.filter(({ kind }) => kind === 'choose')).toHaveLength(1);
    expect(engine.intents).toContainEqual({ kind: 'run', steps: ['back'], inputs: { back: { image: 'r12' } } });
  });

  it('can be skipped with a reason, and a reason is needed', async () => {
    const { terminal, engine } = attached('seeded', { scenes: { secrets: rollout } });
    await terminal.press('enter', 'Enter runs: Cargar');
    await terminal.press('s', 'You decide');
    await terminal.press('enter', 'Skip: why?');
    await terminal.see('A few words are needed.');
    terminal.send('no aplica');
    await terminal.press('enter', 'no aplica');
    await terminal.see('Enter runs: Desplegar');
    expect(engine.intents.at(-1)).toEqual({ kind: 'settle', step: 'secrets', how: 'skipped', reason: 'no aplica' });
  });
});

describe('a command', () => {
  it('is edited before it runs: shown first, then run with the next Enter', async () => {
    const { terminal, engine } = attached('seeded');
    for (const id of ['secrets', 'rollout', 'health', 'bench']) for (const entry of passed(id)) engine.append(entry);
    await terminal.press('e', 'Enter runs: Dos huéspedes');
    await terminal.press('home', 'Edit the command: Dos huéspedes');
    await terminal.press('right', /│ ▏node/);
    terminal.send('\x1b[3~');
    await terminal.see(/│ n▏de/);
    // Enter behind the text, in the same chunk: the second one is for a question that nobody has seen.
    terminal.send('O\x1b[F --slowly\r\r');
    await terminal.see('Command, EDITED by you');
    await terminal.quiet();
    expect(engine.intents).toEqual([]);
    await terminal.press('enter', 'nOde scripts/race.mjs');
    await terminal.see('You do this step');
    const text = 'nOde scripts/race.mjs --url "$base_url" --check-in "$check_in" --slowly';
    expect(engine.intents).toEqual([{ kind: 'run', steps: ['race'], edited: { race: text } }]);
  });

  it('that a task makes is not edited, and it is said why', async () => {
    const { terminal, engine } = attached('seeded');
    await terminal.press('e', 'Enter runs: Cargar');
    await terminal.press('d', 'Enter runs: Cargar');
    await terminal.press('down', /Not to be edited: tejun makes this/);
    expect(engine.intents).toEqual([]);
  });
});

describe('a guarded environment', () => {
  it('is confirmed by typing its name', async () => {
    const of = plan({ environment: { name: 'production', guard: 'typed', rehearsal: false } });
    const { terminal, engine } = attached('secrets', { plan: of });
    await terminal.see('Type its name');
    await terminal.quiet();
    terminal.send('prod');
    await terminal.press('enter', 'prod▏');
    await terminal.see('That is not production.');
    terminal.send('uction');
    await terminal.press('enter', 'production▏');
    await terminal.see('Enter runs: Crear');
    expect(engine.intents).toEqual([{ kind: 'guard', text: 'production' }]);
    expect(terminal.lines[1]).toMatch(/^production · step/);
  });
});

describe('the end of the screens', () => {
  it('is not the end of the run: it says how to come back', async () => {
    const { terminal, ended } = attached('seeded');
    await terminal.press('q', 'Enter runs: Cargar');
    await terminal.press('down', 'Leave?');
    await terminal.press('enter', 'Secrets stay in memory');
    expect(await ended).toEqual({ exit: 6 });
    await terminal.see(`tejun attach ${RUN}`);
    expect(terminal.raw).toBe(false);
    expect(terminal.written).toMatch(/\x1b\[\?2004l/);
    expect(terminal.written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.written.lastIndexOf('\x1b[?25l'));
  });

  it('comes with the terminal’s: nothing is written any more', async () => {
    const { terminal, ended } = attached('seeded');
    await terminal.see('Enter runs: Cargar');
    await terminal.quiet();
    terminal.stdin.emit('end');
    expect(await ended).toEqual({ exit: 129 });
  });

  it('of a suspended rehearsal says that it is over; of a real run, how to go on', async () => {
    const staging = plan({ environment: { name: 'staging', guard: 'confirm', rehearsal: false } });
    for (const [of, said] of [
      [plan(), 'The rehearsal is over'],
      [staging, `tejun resume ${RUN}`],
    ] as const) {
      const { terminal, ended } = attached('seeded', { plan: of });
      await terminal.press('ctrl+c', 'Enter runs: Cargar');
      await terminal.see('Leave?');
      terminal.send('\x03');
      expect(await ended).toEqual({ exit: 6 });
      await terminal.see(said);
    }
  });

  it('is told when the engine is gone', async () => {
    const { terminal, engine, ended } = attached('seeded');
    await terminal.see('Enter runs: Cargar');
    await terminal.quiet();
    engine.die();
    await terminal.press('enter', `tejun resume ${RUN}`);
    expect(await ended).toEqual({ exit: 6 });
  });
});

it('draws again at the new size', async () => {
  const { terminal } = attached('seeded');
  await terminal.see('Enter runs: Cargar');
  await terminal.quiet();
  terminal.resize(40, 12);
  await terminal.quiet();
  expect(terminal.lines.every((line) => line.length <= 40)).toBe(true);
  expect(terminal.text).toContain('Enter run it');
  terminal.resize(80, 24);
  await terminal.see('Deploy  Puts the new version in place.');
});
