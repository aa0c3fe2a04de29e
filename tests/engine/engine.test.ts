import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { type Entry, GENESIS, type JournalRecord } from '../../src/journal/records.ts';
import { memoryLink } from '../../src/link/memory.ts';
import type { EngineMessage, Intent, ScreenEnd, Visitor } from '../../src/link/messages.ts';
import { EXIT, Problem } from '../../src/problem.ts';
import { Secret } from '../../src/secrets/secret.ts';
import type { TaskContext, TaskResult } from '../../tasks/task.ts';
import { ALICE } from '../link/visitors.ts';
import { beginOf, plannedStep, planOf, scripted } from './fixtures.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-engine-'));
  mkdirSync(join(directory, 'output'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** An engine over an in-memory link, with a journal that keeps its records and a screen that keeps what it is told. */
async function engineFor(
  plan: Plan,
  behaviours: Record<string, (context: TaskContext) => Promise<TaskResult> | TaskResult> = {},
) {
  const records: JournalRecord[] = [];
  const vault = new Map<string, Secret>();
  const unsaved: string[] = [];
  let full = false;
  let closed = 0;
  const engine = new Engine({
    plan,
    directory,
    run: 'run-1',
    operator: { name: 'alice@ops', host: 'ops' },
    site: {
      cwd: directory,
      env: { PATH: '/usr/bin:/bin', SSH_AUTH_SOCK: '/tmp/ssh-old/agent.1' },
      values: (values) => values,
      secretFor: ({ name }) => Buffer.from(`rehearsal-${name}`),
      close: async () => {
        closed += 1;
      },
    },
    journal: {
      append: (entry: Entry) => {
        if (full) {
          const line = JSON.stringify(entry);
          unsaved.push(line);
          throw new Problem({ code: 'journal-dead', what: 'The disk is full.' }, EXIT.journal);
        }
        const record = { ...entry, seq: records.length, at: new Date(0).toISOString(), mono: 0, prev: GENESIS };
        records.push(record);
        return record;
      },
      sign: async () => [],
      low: false,
      refill: () => true,
      unsaved,
      close: () => {},
    },
    secrets: {
      set: (secret) => void vault.set(secret.name, secret),
      get: (name) => vault.get(name),
      redact: (text) => text.replaceAll('plum7Qxz', '[TOKEN]'),
      wipe: () => {
        for (const secret of vault.values()) secret.wipe();
      },
    },
    taskFor: scripted(behaviours),
    planEdited: (id, body) => {
      const step = plan.steps.find((each) => each.id === id);
      if (!step) throw new Error(`there is no ${id}`);
      return { ...step, body, edited: true, effect: step.effect === 'read' ? 'write' : step.effect };
    },
    execFor: () => async () => {
      throw new Error('no commands here');
    },
    waitForScreensMs: 50,
  });
  await engine.begin([beginOf(plan)]);
  const { engine: engineEnd, screen } = memoryLink(ALICE);
  const heard: EngineMessage[] = [];
  screen.onMessage((message) => heard.push(message));
  engine.attach(engineEnd);
  const fill = () => {
    full = true;
  };
  return { engine, screen, heard, records, vault, closed: () => closed, fill };
}

async function until<T>(find: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = find();
    if (found) return found;
    await sleep(5);
  }
  throw new Error('it never came');
}

function ask(screen: ScreenEnd, ...intents: Intent[]): void {
  for (const intent of intents) screen.send(intent);
}

const types = (records: readonly JournalRecord[]) =>
  records.map((record) => ('step' in record && record.step ? `${record.type} ${record.step}` : record.type));

describe('a command that the operator changed', () => {
  const steps = [
    plannedStep('a', { timeoutMs: 7000, budget: 2, retry: { times: 1, delayMs: 0 } }),
    plannedStep('look', { stage: 'preflight', effect: 'read' }),
    plannedStep('computed', { language: 'yaml', uses: 'fly/deploy' }),
  ];
  const edited = (step: string, text: string): Intent => ({ kind: 'run', steps: [step], edited: { [step]: text } });
  const of = (records: readonly JournalRecord[], type: JournalRecord['type']) => records.filter((r) => r.type === type);

  test('runs in the place of the runbook’s own, with its timeout, retries and budget, and the journal keeps it', async () => {
    const seen: string[] = [];
    const { screen, records, engine } = await engineFor(planOf(steps), {
      'a --slowly': () => {
        seen.push('edited');
        return { outcome: 'failed', summary: 'no' };
      },
    });
    ask(screen, edited('a', 'run a --slowly'));
    await until(() => engine.state.steps['a']?.status === 'failed');
    expect(seen).toEqual(['edited', 'edited']);
    expect(of(records, 'step.intent')).toMatchObject([
      { step: 'a', attempt: 1, command: ['run a --slowly'], edited: 'run a --slowly', timeoutMs: 7000 },
      { step: 'a', attempt: 2, edited: 'run a --slowly' },
    ]);
    expect(engine.state.steps['a']?.edited).toBe('run a --slowly');
    ask(screen, edited('a', 'run a --slowly'));
    await until(() => of(records, 'refused').length > 0);
    expect(of(records, 'refused')).toMatchObject([{ step: 'a', problem: { code: 'budget-spent' } }]);
  });

  test('that says what the runbook says is none', async () => {
    const { screen, records } = await engineFor(planOf(steps));
    ask(screen, edited('a', 'run a'));
    const intent = await until(() => of(records, 'step.intent')[0]);
    expect(intent).not.toHaveProperty('edited');
  });

  test('counts as a change where the step only read: it waits for the guard', async () => {
    const environment = { name: 'staging', guard: 'confirm', rehearsal: false } as const;
    const { screen, records } = await engineFor(planOf(steps, { environment }));
    ask(screen, edited('look', 'run rm'));
    await until(() => of(records, 'refused').length > 0);
    ask(screen, { kind: 'guard', text: 'yes' }, edited('look', 'run rm'));
    const intent = await until(() => of(records, 'step.intent')[0]);
    expect(of(records, 'refused')).toMatchObject([{ problem: { code: 'edit-refused' } }]);
    expect(intent).toMatchObject({ step: 'look', effect: 'write', edited: 'run rm' });
  });

  test.each([
    ['that a task computes', 'computed', 'run it', 'edit-refused'],
    ['with the value of a secret in it', 'a', 'curl -H "Authorization: plum7Qxz"', 'edit-secret'],
  ])('%s is refused, and nothing runs', async (_, step, text, code) => {
    const { screen, records } = await engineFor(planOf(steps));
    ask(screen, edited(step, text));
    await until(() => of(records, 'refused').length > 0);
    expect(of(records, 'refused')).toMatchObject([{ step, problem: { code } }]);
    expect(of(records, 'step.intent')).toEqual([]);
    expect(JSON.stringify(records)).not.toContain('plum7Qxz');
  });

  test('is refused where a second person approved what is written', async () => {
    const environment = { name: 'production', guard: 'approve', rehearsal: false } as const;
    const { screen, records } = await engineFor(planOf(steps, { environment }));
    ask(screen, edited('a', 'run b'));
    await until(() => of(records, 'refused').length > 0);
    expect(of(records, 'refused')).toMatchObject([{ problem: { code: 'edit-refused' } }]);
  });
});

describe('running steps', () => {
  const plan = planOf([plannedStep('a'), plannedStep('b'), plannedStep('c')]);

  test('each step is an intent before its effect and a result after it, in order', async () => {
    const seen: string[] = [];
    const { screen, records, engine } = await engineFor(plan, {
      a: () => {
        seen.push(types(records).at(-1) ?? '');
        return { outcome: 'passed', summary: 'ok', exit: 0 };
      },
    });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.steps['b']?.status === 'passed');
    expect(seen).toEqual(['step.intent a']);
    expect(types(records).filter((type) => type.startsWith('step'))).toEqual([
      'step.intent a',
      'step.result a',
      'step.intent b',
      'step.result b',
    ]);
  });

  test('a failure stops the rest of what was asked', async () => {
    const { screen, engine } = await engineFor(plan, {
      a: () => ({ outcome: 'failed', summary: 'no', exit: 1, problem: { code: 'step-failed', what: 'no' } }),
    });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.steps['a']?.status === 'failed');
    await sleep(20);
    expect(engine.state.steps['b']?.status).toBe('waiting');
  });

  test('a task that throws is a failed step, not a dead engine', async () => {
    const { screen, engine } = await engineFor(plan, {
      a: () => {
        throw new TypeError('x is not a function');
      },
    });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'failed');
    expect(engine.state.steps['a']?.problem?.code).toBe('task-fault');
  });

  test('a retry journals every attempt and passes when one does', async () => {
    let tries = 0;
    const retrying = planOf([plannedStep('a', { effect: 'read', retry: { times: 3, delayMs: 1 } })]);
    const { screen, engine, records } = await engineFor(retrying, {
      a: () => {
        tries += 1;
        if (tries < 3) return { outcome: 'failed', summary: 'not yet', exit: 1 };
        return { outcome: 'passed', summary: 'up', exit: 0 };
      },
    });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
    expect(records.filter(({ type }) => type === 'step.intent')).toHaveLength(3);
    expect(engine.state.steps['a']?.attempts).toBe(3);
  });

  test('a timeout ends the step and says so', async () => {
    const slow = planOf([plannedStep('a', { timeoutMs: 30 })]);
    const { screen, engine } = await engineFor(slow, {
      a: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ outcome: 'failed', summary: 'ended', signal: 'SIGTERM' }));
        }),
    });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'failed');
    expect(engine.state.steps['a']?.problem?.code).toBe('step-timeout');
  });

  test('the output is kept beside the journal, redacted, and named by its digest', async () => {
    const { screen, engine } = await engineFor(plan, {
      a: ({ say }) => {
        say('token is plum7Qxz');
        return { outcome: 'passed', summary: 'ok', exit: 0 };
      },
    });
    ask(screen, { kind: 'run', steps: ['a'] });
    const output = await until(() => engine.state.steps['a']?.output);
    expect(readFileSync(join(directory, output.file), 'utf8')).toBe('token is [TOKEN]\n');
    expect(output.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a capture reaches the later steps', async () => {
    const capturing = planOf([plannedStep('a', { capture: [{ name: 'shop' }] }), plannedStep('b')]);
    let shop: string | undefined;
    const { screen, engine } = await engineFor(capturing, {
      a: () => ({ outcome: 'passed', summary: 'ok', exit: 0, text: 'shop=12\n' }),
      b: ({ values }) => {
        shop = values['shop'];
        return { outcome: 'passed', summary: 'ok', exit: 0 };
      },
    });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.steps['b']?.status === 'passed');
    expect(shop).toBe('12');
  });
});

describe('stopping', () => {
  const plan = planOf([plannedStep('a'), plannedStep('b')]);
  const untilAborted = ({ signal }: TaskContext) =>
    new Promise<TaskResult>((resolve) => {
      signal.addEventListener('abort', () => resolve({ outcome: 'failed', summary: 'ended', signal: 'SIGTERM' }));
    });

  test('now ends the running step and starts no other', async () => {
    const { screen, engine } = await engineFor(plan, { a: untilAborted });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.running.length > 0);
    ask(screen, { kind: 'stop', how: 'now' });
    await until(() => engine.state.steps['a']?.status === 'failed');
    await sleep(20);
    expect(engine.state.steps['a']?.problem?.code).toBe('step-stopped');
    expect(engine.state.steps['b']?.status).toBe('waiting');
  });

  test('after this step lets it end and starts no other', async () => {
    let finish = () => {};
    const { screen, engine } = await engineFor(plan, {
      a: () =>
        new Promise((resolve) => {
          finish = () => resolve({ outcome: 'passed', summary: 'ok', exit: 0 });
        }),
    });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.running.length > 0);
    ask(screen, { kind: 'stop', how: 'after-step' });
    await until(() => engine.state.stopping);
    finish();
    await until(() => engine.state.steps['a']?.status === 'passed');
    await sleep(20);
    expect(engine.state.steps['b']?.status).toBe('waiting');
  });

  test('when the last screen goes, the running step ends and no other starts; then the run is suspended', async () => {
    let finish = () => {};
    const { screen, engine, records, vault } = await engineFor(plan, {
      a: () =>
        new Promise((resolve) => {
          finish = () => resolve({ outcome: 'passed', summary: 'ok', exit: 0 });
        }),
    });
    vault.set('TOKEN', new Secret('TOKEN', Buffer.from('plum7Qxz')));
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.running.length > 0);
    screen.close();
    await until(() => records.some((record) => record.type === 'screens' && record.state === 'lost'));
    finish();
    expect(await engine.ended).toBe(6);
    expect(engine.state.steps).toMatchObject({ a: { status: 'passed' }, b: { status: 'waiting' } });
    expect(records.at(-1)?.type).toBe('suspended');
    expect(vault.get('TOKEN')?.wiped).toBe(true);
  });
});

describe('what is refused is said and recorded', () => {
  test('a write before its guard', async () => {
    const plan = planOf([plannedStep('a')], { environment: { name: 'production', guard: 'typed', rehearsal: false } });
    const { screen, heard, records, engine } = await engineFor(plan);
    ask(screen, { kind: 'run', steps: ['a'] });
    const refused = await until(() => heard.find((message) => message.kind === 'refused'));
    expect(refused).toMatchObject({ problem: { code: 'guard-unsatisfied' } });
    expect(types(records)).toContain('refused a');
    ask(screen, { kind: 'guard', text: 'prod' });
    await until(() => heard.filter((message) => message.kind === 'refused').length === 2);
    ask(screen, { kind: 'guard', text: 'production' }, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
  });

  test('an unknown step', async () => {
    const { screen, heard } = await engineFor(planOf([plannedStep('a')]));
    ask(screen, { kind: 'run', steps: ['zz'] });
    await until(() => heard.some((message) => message.kind === 'refused' && message.problem.code === 'unknown-step'));
  });

  test('a journal that cannot be written starts nothing, and what it did not take is shown to be copied', async () => {
    let ran = false;
    const { screen, heard, fill, engine } = await engineFor(planOf([plannedStep('a')]), {
      a: () => {
        ran = true;
        return { outcome: 'passed', summary: 'ok', exit: 0 };
      },
    });
    fill();
    ask(screen, { kind: 'run', steps: ['a'] });
    const trouble = await until(() => heard.find((message) => message.kind === 'trouble'));
    expect(trouble.problem.code).toBe('journal-dead');
    expect(trouble.unsaved.join()).toContain('step.intent');
    expect(ran).toBe(false);

    // Who attaches later is told too; and the run can still be left, with the code that says so.
    const late = memoryLink(ALICE);
    const told: EngineMessage[] = [];
    late.screen.onMessage((message) => told.push(message));
    engine.attach(late.engine);
    await until(() => told.some(({ kind }) => kind === 'trouble'));
    ask(screen, { kind: 'suspend' });
    expect(await engine.ended).toBe(EXIT.journal);
  });

  test('a journal that dies under a running step lets it end, and shows its result', async () => {
    let finish = () => {};
    const { screen, heard, fill, engine } = await engineFor(planOf([plannedStep('a'), plannedStep('b')]), {
      a: () =>
        new Promise((resolve) => {
          finish = () => resolve({ outcome: 'passed', summary: 'released v7', exit: 0 });
        }),
    });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.running.length > 0);
    fill();
    finish();
    const trouble = await until(() => heard.find((message) => message.kind === 'trouble'));
    expect(trouble.unsaved.join()).toContain('released v7');
    await sleep(20);
    expect(engine.state.steps['b']?.status).toBe('waiting');
  });
});

describe('a step that cannot begin', () => {
  test('because its output has no place to go is not begun, and does not count as running', async () => {
    const { screen, heard, engine, records } = await engineFor(planOf([plannedStep('a')]));
    rmSync(join(directory, 'output'), { recursive: true });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() =>
      heard.some((message) => message.kind === 'refused' && message.problem.code === 'output-unwritable'),
    );
    expect(types(records)).not.toContain('step.intent a');
    expect(engine.state.steps['a']?.status).toBe('waiting');
    mkdirSync(join(directory, 'output'));
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
  });

  test('a second time, because its budget is spent, has failed and no longer runs', async () => {
    const step = plannedStep('a', { budget: 1, retry: { times: 3, delayMs: 1 } });
    const { screen, engine } = await engineFor(planOf([step]), {
      a: () => ({ outcome: 'failed', summary: 'no', exit: 1, problem: { code: 'step-failed', what: 'no' } }),
    });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.problem?.code === 'budget-spent');
    expect(engine.state.steps['a']).toMatchObject({ status: 'failed', attempts: 1 });
    expect(engine.state.running).toEqual([]);
  });
});

describe('who is there', () => {
  const plan = planOf([plannedStep('a')]);
  const visit = (engine: Engine, visitor: Visitor) => {
    const { engine: end, screen } = memoryLink(visitor);
    const told: EngineMessage[] = [];
    screen.onMessage((message) => told.push(message));
    engine.attach(end);
    return { screen, told };
  };
  const bob = { name: 'bob@ops', host: 'laptop', from: '192.0.2.7' };

  test('what an operator asks for is recorded under his own name', async () => {
    const { engine, records } = await engineFor(plan);
    const { screen } = visit(engine, { role: 'operator', person: bob });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
    expect(records.find(({ type }) => type === 'step.intent')).toMatchObject({ by: 'bob@ops' });
    expect(records.findLast(({ type }) => type === 'screens')).toMatchObject({ by: 'bob@ops', from: '192.0.2.7' });
  });

  test('a watcher is told everything, is not counted, and can ask for nothing', async () => {
    const { engine, records, screen } = await engineFor(plan);
    const { screen: watching, told } = visit(engine, { role: 'watcher', person: bob });
    await until(() => told.some(({ kind }) => kind === 'caught-up'));
    ask(watching, { kind: 'run', steps: ['a'] });
    await until(() => told.some((message) => message.kind === 'refused' && message.problem.code === 'only-watches'));
    expect(types(records)).not.toContain('step.intent a');
    ask(screen, { kind: 'note', text: 'seen by both' });
    await until(() => told.some((message) => message.kind === 'record' && message.record.type === 'note'));
    screen.close();
    // The watcher stays, but no operator is there: the run is suspended.
    expect(await engine.ended).toBe(EXIT.suspended);
  });

  test('a new login brings another agent, and the steps get that one', async () => {
    const sockets: (string | undefined)[] = [];
    const { engine } = await engineFor(plan, {
      a: ({ env }) => {
        sockets.push(env['SSH_AUTH_SOCK']);
        return { outcome: 'passed', summary: 'ok', exit: 0 };
      },
    });
    const { screen } = visit(engine, { role: 'operator', person: bob, agentSocket: '/tmp/ssh-new/agent.2' });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
    expect(sockets).toEqual(['/tmp/ssh-new/agent.2']);
  });

  test('a run is given up only to who types its id; the running step ends first, and both are recorded', async () => {
    let finish = () => {};
    const { engine, screen, records } = await engineFor(planOf([plannedStep('a'), plannedStep('b')]), {
      a: () =>
        new Promise((resolve) => {
          finish = () => resolve({ outcome: 'passed', summary: 'ok', exit: 0 });
        }),
    });
    ask(screen, { kind: 'run', steps: ['a', 'b'] });
    await until(() => engine.state.running.length > 0);
    const { screen: contender, told } = visit(engine, { role: 'watcher', person: bob });
    ask(contender, { kind: 'yield', typed: 'run-2', to: 'run-9' });
    await until(() => told.some((message) => message.kind === 'refused' && message.problem.code === 'not-typed'));
    ask(contender, { kind: 'yield', typed: 'run-1', to: 'run-9' });
    await until(() => records.some(({ type }) => type === 'lock.lost'));
    expect(engine.state.running).toEqual(['a']);
    finish();
    expect(await engine.ended).toBe(EXIT.suspended);
    expect(engine.state.steps).toMatchObject({ a: { status: 'passed' }, b: { status: 'waiting' } });
    expect(engine.state.lock).toMatchObject({ scope: 'host', to: { run: 'run-9', operator: 'bob@ops' } });
  });
});

describe('secrets', () => {
  const plan = planOf([plannedStep('a', { secrets: ['TOKEN'] })], {
    secrets: [{ name: 'TOKEN', ask: 'The token', optional: false, position: { line: 1, column: 1 } }],
  });

  test('are recorded by name and source, and reach the step that names them', async () => {
    let length = 0;
    const { screen, engine, records } = await engineFor(plan, {
      a: ({ secret }) => {
        length = secret('TOKEN').use((bytes) => bytes.length);
        return { outcome: 'passed', summary: 'ok', exit: 0 };
      },
    });
    ask(screen, { kind: 'secret', name: 'TOKEN', source: 'typed', bytes: Buffer.from('plum7Qxz').toString('base64') });
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
    expect(length).toBe(8);
    expect(records.find(({ type }) => type === 'secret.set')).toMatchObject({ name: 'TOKEN', source: 'typed' });
    expect(JSON.stringify(records)).not.toContain('plum7Qxz');
  });

  test('one that breaks its format is refused without being quoted, and nothing is set', async () => {
    const strict = planOf([plannedStep('a')], {
      secrets: [{ name: 'TOKEN', ask: '', optional: false, format: { hex: 16 }, position: { line: 1, column: 1 } }],
    });
    const { screen, engine, heard } = await engineFor(strict);
    ask(screen, {
      kind: 'secret',
      name: 'TOKEN',
      source: 'typed',
      bytes: Buffer.from('not-hex-at-all').toString('base64'),
    });
    const refused = await until(() => heard.find((message) => message.kind === 'refused'));
    expect(refused).toMatchObject({ problem: { code: 'secret-rejected' } });
    expect(JSON.stringify(refused)).not.toContain('not-hex-at-all');
    expect(engine.state.secrets).toEqual({});
  });

  test('one that is the same as in the other environment is refused; one that differs is recorded as compared', async () => {
    const position = { line: 1, column: 1 };
    const apart = planOf([plannedStep('a')], {
      secrets: [{ name: 'TOKEN', ask: '', optional: false, differsFrom: 'production', position }],
    });
    const { screen, engine, heard, records } = await engineFor(apart);
    const give = (value: string, of: { environment?: string } = {}) =>
      ask(screen, { ...{ kind: 'secret', name: 'TOKEN', source: 'file', bytes: btoa(value) }, ...of });
    give('the-one-of-production', { environment: 'production' });
    give('the-one-of-production');
    const refused = await until(() => heard.find((message) => message.kind === 'refused'));
    expect(refused).toMatchObject({
      problem: {
        code: 'secret-rejected',
        what: 'TOKEN was not taken: it is the same as in production.',
        faults: ['same-elsewhere'],
      },
    });
    expect(engine.state.secrets).toEqual({});
    give('another-one');
    await until(() => engine.state.secrets['TOKEN']);
    expect(records.filter(({ type }) => type === 'secret.set')).toMatchObject([
      { name: 'TOKEN', differsFrom: 'production' },
    ]);
  });

  test('the site’s own value is taken when none is given', async () => {
    const { screen, engine } = await engineFor(plan);
    ask(screen, { kind: 'secret', name: 'TOKEN', source: 'rehearsal' });
    await until(() => engine.state.secrets['TOKEN']);
    expect(engine.state.secrets['TOKEN']?.source).toBe('rehearsal');
  });
});

describe('the end', () => {
  test('seals with what became of the path, closes the site, and says goodbye after that', async () => {
    const plan = planOf([plannedStep('a')], {
      checklist: [
        { id: 'item-1', text: 'A works', steps: ['a'], position: { line: 1, column: 1 } },
        { id: 'item-2', text: 'Told the on-call', steps: [], position: { line: 2, column: 1 } },
      ],
    });
    const { screen, engine, heard, records, closed } = await engineFor(plan);
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
    ask(screen, { kind: 'seal' });
    expect(await engine.ended).toBe(0);
    await until(() => heard.some((message) => message.kind === 'bye'));
    expect(records.at(-1)).toMatchObject({ type: 'seal', outcome: 'completed', open: ['item-2'] });
    expect(closed()).toBe(1);
  });

  test('a screen that attaches late is told everything so far', async () => {
    const { screen, engine, records } = await engineFor(planOf([plannedStep('a')]));
    ask(screen, { kind: 'run', steps: ['a'] });
    await until(() => engine.state.steps['a']?.status === 'passed');
    const late = memoryLink(ALICE);
    const heard: EngineMessage[] = [];
    late.screen.onMessage((message) => heard.push(message));
    const before = records.length;
    engine.attach(late.engine);
    await until(() => heard.some(({ kind }) => kind === 'caught-up'));
    expect(heard[0]?.kind).toBe('hello');
    expect(heard.filter(({ kind }) => kind === 'record').length).toBeGreaterThanOrEqual(before);
  });
});

describe('an incident', () => {
  const read = { stage: 'triage', effect: 'read' } as const;
  const plan = planOf([
    plannedStep('roll'),
    plannedStep('url', read),
    plannedStep('database', { ...read, needs: ['url'] }),
    plannedStep('front', read),
    plannedStep('through', { ...read, needs: ['front'] }),
  ]);

  test('is a part of the run it is opened in, and is over with what it was', async () => {
    const { screen, records } = await engineFor(plan);
    ask(screen, { kind: 'incident', symptom: 'Health fails' }, { kind: 'incident-over', finding: 'Redis was full' });
    await until(() => records.find(({ type }) => type === 'incident.closed'));
    expect(records.slice(-2)).toMatchObject([
      { type: 'incident.opened', symptom: 'Health fails', by: 'alice@ops' },
      { type: 'incident.closed', finding: 'Redis was full', by: 'alice@ops' },
    ]);
  });

  test('that is not open cannot be closed', async () => {
    const { screen, heard } = await engineFor(plan);
    ask(screen, { kind: 'incident-over', finding: 'nothing' });
    expect(await until(() => heard.find(({ kind }) => kind === 'refused'))).toMatchObject({
      problem: { code: 'no-incident' },
    });
  });

  test('its triage runs side by side; a check waits for the one that it needs, and is left out when that one failed', async () => {
    let most = 0;
    let running = 0;
    const slow = async (): Promise<TaskResult> => {
      running += 1;
      most = Math.max(most, running);
      await sleep(20);
      running -= 1;
      return { outcome: 'passed', summary: 'ok' };
    };
    const { screen, records, engine } = await engineFor(plan, {
      url: slow,
      front: async () => {
        await slow();
        return { outcome: 'failed', summary: 'no answer', problem: { code: 'step-failed', what: 'no answer' } };
      },
    });
    ask(screen, { kind: 'incident' }, { kind: 'run', steps: ['url', 'database', 'front', 'through'] });
    await until(() => engine.state.steps['database']?.status === 'passed' && engine.state.running.length === 0);
    expect(most).toBe(2);
    expect(types(records)).not.toContain('step.intent through');
    expect(types(records)).not.toContain('refused through');
    expect(types(records).indexOf('step.result url')).toBeLessThan(types(records).indexOf('step.intent database'));
  });
});
