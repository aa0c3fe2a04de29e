import { describe, expect, it } from 'vitest';
import { followUp, hear } from '../../screens/news.ts';
import { activeKeys, press } from '../../screens/press.ts';
import { placeOf, questionOf } from '../../screens/route.ts';
import type { Model } from '../../screens/ui-state.ts';
import type { ProblemCode } from '../../src/problem-codes.ts';
import { CARD } from './fixtures/desk.ts';
import { MODELS, modelOf } from './fixtures/models.ts';

const key = (name: string) => ({ kind: 'key', name, ...(name.length === 1 ? { text: name } : {}) }) as const;

/** The model after these keys, and everything that they asked for. */
function after(name: string, keys: readonly string[]) {
  let model: Model = modelOf(name);
  const effects = keys.flatMap((each) => {
    const turn = press(model, key(each));
    model = { ...model, ui: turn.ui };
    return turn.effects;
  });
  return { model, effects, place: placeOf(model) };
}

describe('which screen shows when', () => {
  it.each(Object.keys(MODELS).map((name) => [name, placeOf(modelOf(name))] as const))('%s → %s', (name, place) => {
    // The situations are named after the place that they must lead to.
    const expected = /^over: /.test(name)
      ? {
          help: 'help',
          quit: 'quit',
          one: 'problem',
          many: 'problem',
          a: 'problem',
          output: 'output',
          timeline: 'timeline',
          incident: 'write',
          details: 'details',
          no: 'output',
          skip: 'write',
          attest: 'write',
          edit: 'edit',
          note: 'write',
          sure: 'sure',
          destroy: 'destroy',
          take: 'takeOver',
        }[name.slice(6).split(/[ ,]/, 1)[0] ?? '']
      : ({ seed: 'stage', deploy: 'stage', verify: 'stage' }[name.split(',', 1)[0] ?? ''] ?? name.split(',', 1)[0]);
    expect(place).toBe(expected);
  });
});

describe('what Enter does', () => {
  it.each([
    ['preflight, to do', { kind: 'run', steps: ['fly', 'region', 'repo'] }],
    ['preflight, failed', { kind: 'run', steps: ['region'] }],
    ['secrets, empty', { kind: 'secret', name: 'JWT_SECRET', source: 'rehearsal' }],
    ['guard, yes', { kind: 'guard', text: 'yes' }],
    ['seed, due', { kind: 'run', steps: ['app'] }],
    ['deploy, due', { kind: 'run', steps: ['rollout'] }],
    ['over: sure of a seal', { kind: 'seal' }],
  ])('%s', (name, intent) => {
    expect(after(name, ['enter']).effects).toEqual([{ kind: 'intent', intent }]);
  });

  it.each([
    'guard, confirm',
    'guard, approve',
    'guard, typed wrongly',
    'deploy, running',
    'deploy, failed',
    'deploy, unknown',
    'verify, budget spent',
    'environment, sealed',
    'rollback, asking',
    'rollback, choosing',
    'over: sure of a rollback',
    'over: destroy',
    'over: skip',
    'done, closing',
  ])('%s: nothing that runs or changes anything', (name) => {
    expect(after(name, ['enter']).effects).toEqual([]);
  });
});

describe('what the environment fixes', () => {
  it('is not asked for, and not sent: the engine takes it from nobody', () => {
    const values = { app: 'sist-cabanas-mvp', strategy: 'rolling' };
    const card = { ...CARD, environments: [{ name: 'staging', guard: 'confirm', values } as const] };
    const asked = modelOf('values, a pattern not met');
    let model: Model = { ...asked, front: { ...asked.front, runbooks: [card] } };
    expect(activeKeys(model)).toContain('start');
    for (const each of ['ctrl+u', ...'2027-01-01']) model = { ...model, ui: press(model, key(each)).ui };
    expect(press(model, key('enter')).effects).toMatchObject([
      { kind: 'start', choice: { values: { check_in: '2027-01-01' } } },
    ]);
    expect(press(model, key('enter')).effects[0]).not.toHaveProperty('choice.values.strategy');
  });
});

describe('keys that are easily pressed by mistake', () => {
  it('R, then Enter, Enter goes back to nothing: it takes a y in between', () => {
    expect(after('deploy, failed', ['R', 'enter', 'enter', 'enter']).effects).toEqual([]);
    expect(after('rollback, choosing', ['enter', 'enter', 'enter']).effects).toEqual([]);
    expect(after('rollback, choosing', ['enter', 'y', 'enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'run', steps: ['back'], inputs: { back: { image: 'r11' } } } },
    ]);
  });

  it('Enter pressed again and again asks the engine once', () => {
    expect(after('seed, due', ['enter', 'enter', 'enter']).effects).toHaveLength(1);
  });

  it('a budget that is spent offers no other try', () => {
    expect(activeKeys(modelOf('verify, budget spent'))).not.toContain('retry');
    expect(after('verify, budget spent', ['r']).effects).toEqual([]);
  });

  it('Esc goes back to the leg before, and never past something that was run', () => {
    expect(after('seed, due', ['esc']).place).toBe('preflight');
    expect(after('deploy, due', ['esc']).place).toBe('stage');
    expect(activeKeys(modelOf('deploy, due'))).not.toContain('back');
  });

  it('? and q are letters where something is written', () => {
    const { model } = after('over: note', ['?', 'q']);
    expect(model.ui.overlay).toMatchObject({ kind: 'write', field: { text: expect.stringMatching(/\?q$/) } });
  });
});

describe('a text that scrolls', () => {
  const scrollOf = (name: string, keys: string[]) => {
    const { overlay } = after(name, keys).model.ui;
    return overlay && 'scroll' in overlay ? overlay.scroll : undefined;
  };

  it.each(['over: help', 'over: many problems', 'over: output', 'over: timeline'])(
    '%s: a key that is held down does not run on behind the end, so that the next one back moves',
    (name) => {
      const held = (key: string) => Array<string>(80).fill(key);
      const end = scrollOf(name, held('down'));
      expect(scrollOf(name, [...held('down'), 'end'])).toBe(end);
      expect(scrollOf(name, [...held('up'), 'home'])).toBe(scrollOf(name, held('up')));
      expect(scrollOf(name, [...held('pageup'), 'pagedown'])).not.toBe(scrollOf(name, held('pageup')));
      expect(scrollOf(name, [...held('pagedown'), 'up'])).not.toBe(end);
    },
  );
});

describe('an approval', () => {
  it('is nothing that the operator could give, and the way on when it is there', () => {
    expect(after('guard, approve', [...'production', 'y', 'enter']).effects).toEqual([]);
    const entry = { type: 'guard.satisfied', guard: 'approve', how: 'approve', by: 'bob@ops' } as const;
    const record = { ...entry, seq: 99, at: '2026-11-22T05:31:00.000Z', mono: 1, prev: '0' } as const;
    const { model } = hear(modelOf('guard, approve'), { kind: 'record', record });
    expect(placeOf(model)).toBe('stage');
  });
});

describe('a lock that another run holds', () => {
  const refused = (code: ProblemCode) => ({ kind: 'refused', problem: { code, what: 'in use by alice@ops' } }) as const;

  it('is taken over by its id alone, typed and not pasted', () => {
    expect(after('over: take over', ['enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'take-over', typed: '20261122-0529-k3' } },
    ]);
    expect(after('over: take over', ['ctrl+u', 'enter']).effects).toEqual([]);
    const model = modelOf('over: take over');
    expect(press(model, { kind: 'paste', text: '20261122-0529-k3' }).ui).toBe(model.ui);
  });

  it('asks again when another id was typed, and asks on the secrets screen too', () => {
    for (const code of ['lock-held', 'lock-not-typed'] as const)
      for (const at of ['deploy, due', 'secrets, empty'])
        expect(hear(modelOf(at), refused(code)).model.ui.overlay).toMatchObject({ kind: 'takeOver' });
    expect(hear(modelOf('deploy, due'), refused('needs-unmet')).model.ui.overlay).toMatchObject({ kind: 'problem' });
  });
});

describe('what is destroyed is named', () => {
  it('only the exact name runs the step, and it goes with the request', () => {
    const typed = [...'sist-cabanas-db'];
    expect(after('over: destroy', ['ctrl+u', ...'SIST-cabanas-db', 'enter']).effects).toEqual([]);
    expect(after('over: destroy', ['ctrl+u', ...typed, 'enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'run', steps: ['db'], typed: 'sist-cabanas-db' } },
    ]);
  });

  it('a paste is not typing', () => {
    const model = modelOf('over: destroy');
    expect(press(model, { kind: 'paste', text: 'sist-cabanas-db' }).ui).toBe(model.ui);
  });
});

describe('an incident', () => {
  it('I asks what is wrong; Enter opens it, and Esc goes back to where the operator was', () => {
    expect(after('deploy, failed', ['I']).place).toBe('symptom');
    expect(after('deploy, failed', ['I', 'esc'])).toMatchObject({ place: 'stage', effects: [] });
    expect(after('deploy, failed', ['I', 'enter', 'enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'incident' } },
    ]);
    expect(after('symptom, opening one on the path', ['enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'incident', symptom: 'La app no arranca' } },
    ]);
  });

  it('looks at everything that needs no secret, once the journal has it and nothing runs', () => {
    const opened = modelOf('incident, seen');
    const look = followUp({ ...opened, ui: { ...opened.ui, look: {} } });
    expect(look.effects).toEqual([{ kind: 'intent', intent: { kind: 'run', steps: ['logs', 'status', 'redis'] } }]);
    expect(followUp(look.model).effects).toEqual([]);
    expect(followUp(modelOf('incident, waiting for a deploy')).effects).toEqual([]);
  });

  it('asks for the secrets of the checks that wait for them, then looks', () => {
    const { place, model } = after('incident, seen', ['s']);
    expect(place).toBe('secrets');
    expect(followUp(model).effects).toEqual([]);
    expect(placeOf({ ...model, ui: press(model, key('esc')).ui })).toBe('incident');
  });

  it('Enter on a check shows what it found; on a remedy it opens it, and runs nothing', () => {
    expect(after('incident, seen', ['enter'])).toMatchObject({ place: 'output', effects: [] });
    const remedy = after('incident, seen', ['tab', 'enter']);
    expect(remedy).toMatchObject({ place: 'stage', effects: [] });
    expect(remedy.model.ui.detour).toEqual({ to: 'remedy', step: 'user' });
    expect(after('incident, on a remedy', ['enter', 'esc'])).toMatchObject({ place: 'incident', effects: [] });
  });

  it('the environment is confirmed before a remedy changes it, as before anything else', () => {
    expect(placeOf(modelOf('guard, before a remedy'))).toBe('guard');
    expect(after('guard, before a remedy', ['enter']).effects).toEqual([]);
  });

  it('after a remedy it looks again, and a remedy can be run a second time', () => {
    expect(after('stage, a remedy that was done', ['enter']).model.ui).toMatchObject({ look: {} });
    expect(after('stage, a remedy that was done', ['r']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'run', steps: ['restart'] } },
    ]);
  });

  it('is over when somebody says what it was', () => {
    expect(after('incident, seen', ['o', 'enter']).effects).toEqual([]);
    expect(after('incident, seen', ['o', ...'Redis', 'enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'incident-over', finding: 'Redis' } },
    ]);
  });

  it('is not opened twice', () => {
    expect(activeKeys(modelOf('stage, a remedy'))).not.toContain('incident');
  });
});

describe('leaving', () => {
  it('is asked once; the first answer is to stay', () => {
    const { model, effects } = after('seed, due', ['ctrl+c']);
    expect(model.ui.overlay).toEqual({ kind: 'quit', cursor: 0 });
    expect(effects).toEqual([]);
    expect(after('seed, due', ['ctrl+c', 'enter']).effects).toEqual([]);
  });

  it.each([
    ['home, what to do', [{ kind: 'exit', exit: 130 }]],
    ['seed, due', [{ kind: 'intent', intent: { kind: 'suspend' } }]],
    ['deploy, running', [{ kind: 'intent', intent: { kind: 'stop', how: 'now' } }]],
  ])('%s: a second Ctrl-C acts at once', (name, effects) => {
    expect(after(name, ['ctrl+c', 'ctrl+c']).effects).toEqual(effects);
  });

  it('while a step runs there are three ways out', () => {
    expect(after('deploy, running', ['q', 'down', 'enter']).effects).toEqual([{ kind: 'exit', exit: 6 }]);
    expect(after('deploy, running', ['q', 'down', 'down', 'enter']).effects).toEqual([
      { kind: 'intent', intent: { kind: 'stop', how: 'after-step' } },
    ]);
  });
});

it('the question changes with what it is about, and not with what is typed', () => {
  const names = [
    'seed, due',
    'seed, walked',
    'deploy, due',
    'deploy, failed',
    'guard, confirm',
    'secrets, empty',
    'secrets, optional',
  ];
  const questions = names.map((name) => questionOf(modelOf(name)));
  expect(new Set(questions).size).toBe(names.length);
  const { model } = after('over: note', ['a']);
  expect(questionOf(model)).toBe(questionOf(modelOf('over: note')));
});

describe('before a run', () => {
  it('Enter alone leads to the rehearsal', () => {
    const { effects, place } = after('home, what to do', ['enter', 'enter', 'enter', 'enter', 'enter']);
    expect(place).toBe('starting');
    expect(effects).toEqual([
      {
        kind: 'start',
        choice: {
          runbook: 'runbooks/cabanas-staging.md',
          environment: 'rehearsal',
          flow: 'setup',
          values: { check_in: '2025-11-15', strategy: 'rolling' },
        },
      },
    ]);
  });

  it('a value that does not fit stays where it is, with the reason', () => {
    const { model, place } = after('home, what to do', ['enter', 'enter', 'enter', 'backspace', 'enter']);
    expect(place).toBe('values');
    expect(model.ui.setup?.fields['check_in']).toEqual({ text: '2025-11-1', wrong: 'pattern' });
  });

  it('going back keeps the answers', () => {
    const { model } = after('home, what to do', ['enter', 'enter', 'enter', 'backspace', '6', 'esc', 'enter']);
    expect(model.ui.setup?.fields['check_in']).toEqual({ text: '2025-11-16' });
  });
});
