import { describe, expect, test } from 'vitest';
import { buildPlan, type Plan, type PlanRequest } from '../../src/engine/plan.ts';
import { todayIn } from '../../src/engine/plan-values.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import { FLOWS } from '../../src/runbook/types.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { refusal } from '../refusal.ts';
import { brief, FRONT, fence, parse, runbook, USES } from '../runbook/a-runbook.ts';

const REQUEST: PlanRequest = {
  environment: 'staging',
  flow: 'setup',
  values: {},
  today: '2026-03-01',
  tasks: taskFor,
  taskNames: TASK_NAMES,
};

/** The plan of a runbook with this body, in staging. */
function plan(body: string, request: Partial<PlanRequest> = {}): Plan {
  return buildPlan(parse(runbook(body)), { ...REQUEST, ...request });
}

describe('the environment', () => {
  const sealed = FRONT.replace('values:\n', '  production: { guard: sealed, reason: not from here }\nvalues:\n') + USES;

  test('that is sealed is refused with its reason, and exit code 7', () => {
    const problem = refusal(() => buildPlan(parse(sealed), { ...REQUEST, environment: 'production' }));
    expect(problem).toMatchObject({
      code: 'environment-sealed',
      what: 'production is sealed: not from here',
      where: { line: 6, column: 3 },
      exit: 7,
      next: ['choose staging or rehearsal'],
    });
  });

  test('that is not there is refused with the one that was meant', () => {
    const problem = refusal(() => plan('', { environment: 'stagin' }));
    expect(problem).toMatchObject({ code: 'environment-unknown', exit: 2 });
    expect(problem.next[0]).toBe('did you mean `staging`?');
  });

  test('of a rehearsal is open, and has the values of the first one that is not sealed', () => {
    const runbookText = sealed.replace('environments:\n', 'environments:\n  first: { guard: sealed, reason: x }\n');
    const { environment, values } = buildPlan(parse(runbookText), { ...REQUEST, environment: 'rehearsal' });
    expect(environment).toEqual({ name: 'rehearsal', guard: 'open', rehearsal: true });
    expect(values).toMatchObject({ environment: 'rehearsal', app: 'booking-stg' });
  });

  test('may turn its values into its own', () => {
    const atSite = (values: Readonly<Record<string, string>>) => ({ ...values, base_url: 'http://127.0.0.1:4000' });
    const made = plan(fence('http verify', 'GET $base_url'), { environment: 'rehearsal', atSite });
    expect(made.values['base_url']).toBe('http://127.0.0.1:4000');
  });
});

describe('values', () => {
  const asking = FRONT.replace(', default: 2025-11-15', '') + USES;

  test('come from the operator, the environment, the defaults and the day', () => {
    expect(plan('', { values: { night: '2026-01-02', run: 'r1' } }).values).toEqual({
      environment: 'staging',
      today: '2026-03-01',
      run: 'r1',
      app: 'booking-stg',
      base_url: 'https://stg.example.com',
      night: '2026-01-02',
    });
  });

  test.each<[what: string, values: Record<string, string>, code: string, next: string]>([
    ['one that is missing', {}, 'value-missing', '--set night=VALUE'],
    ['one that does not match', { night: 'soon' }, 'value-mismatch', String.raw`it must match \d{4}-\d\d-\d\d`],
    ['an empty one', { night: '' }, 'value-mismatch', 'Which night?'],
    ['one that a terminal would act upon', { night: '\u001b[2J' }, 'value-mismatch', 'type it again'],
    ['one that nobody asked for', { night: '2026-01-02', nigth: 'x' }, 'value-unknown', 'did you mean `night`?'],
    [
      'one that the environment fixes',
      { night: '2026-01-02', app: 'booking-prd' },
      'value-fixed',
      'leave it out, or change the runbook',
    ],
  ])('%s is refused before anything runs', (_, values, code, next) => {
    const problem = refusal(() => buildPlan(parse(asking), { ...REQUEST, values }));
    expect(problem).toMatchObject({ code, means: 'Nothing was run.' });
    expect(problem.next[0]).toBe(next);
  });

  test('a missing one is told with its question', () => {
    expect(refusal(() => buildPlan(parse(asking), REQUEST)).what).toBe('night has no value: Which night?');
  });

  test('several are told at once', () => {
    const problem = refusal(() => buildPlan(parse(asking), { ...REQUEST, values: { app: 'x' } }));
    expect(problem.problems?.map(({ code }) => code)).toEqual(['value-fixed', 'value-missing']);
  });

  test('today is the day where the runbook is', () => {
    const late = new Date('2026-03-01T01:30:00Z');
    expect(todayIn('America/Argentina/Buenos_Aires', late)).toBe('2026-02-28');
    expect(todayIn('Asia/Tokyo', late)).toBe('2026-03-01');
  });
});

describe('the path', () => {
  const all = [
    fence('bash preflight id=check'),
    fence('bash seed id=fill'),
    fence('bash deploy id=out needs=fill'),
    fence('bash verify id=look'),
    fence('bash seed id=more'),
    fence('bash rollback id=back'),
    `# It is down\n${fence('bash triage id=ask')}${fence('bash remedy id=kick')}`,
    `# Daily\n${fence('bash routine id=daily')}`,
  ].join('\n');

  test.each([
    ['setup', ['check', 'fill', 'out', 'look', 'more', 'uses']],
    ['redeploy', ['check', 'out', 'look', 'uses']],
    ['rollback', ['back']],
    ['incident', ['ask']],
    ['routine', ['daily']],
  ] as const)('of %s', (flow, path) => {
    const made = plan(all, { flow });
    expect(made.path).toEqual(path);
    expect(made.steps).toHaveLength(10);
  });

  test('does not wait for what it does not walk', () => {
    const needs = (flow: 'setup' | 'redeploy') => plan(all, { flow }).steps.find(({ id }) => id === 'out')?.needs;
    expect([needs('setup'), needs('redeploy')]).toEqual([['fill'], []]);
  });

  test('of a flow that the runbook does not have is refused', () => {
    expect(refusal(() => plan('', { flow: 'incident' }))).toMatchObject({
      code: 'flow-empty',
      next: ['it has: setup, redeploy'],
    });
  });

  test('has the steps that are meant for the environment', () => {
    const body = [
      fence('bash verify id=here when=env=staging'),
      fence('bash verify id=night when=night=2026-01-02'),
      fence('bash verify id=any when=night needs=here'),
      '- [ ] ok {night,any}\n',
    ].join('');
    expect(plan(body).path).toEqual(['here', 'any', 'uses']);
    expect(plan(body).checklist[0]?.steps).toEqual(['any']);
    expect(plan(body, { values: { night: '2026-01-02' } }).path).toContain('night');
    expect(plan(body, { environment: 'rehearsal' }).path).toContain('here');
  });
});

describe('effects', () => {
  const effectOf = (info: string, body: string) =>
    plan(fence(`${info} id=it`, body)).steps.find(({ id }) => id === 'it')?.effect;

  test('of a task are its own where the stage writes, and at least its own anywhere', () => {
    expect(effectOf('yaml deploy uses=fly/status', 'app: $app')).toBe('read');
    expect(effectOf('yaml deploy uses=fly/status effect=write', 'app: $app')).toBe('write');
    expect(effectOf('yaml seed uses=fly/restart', 'app: $app')).toBe('write');
    expect(effectOf('bash deploy effect=read', 'ls')).toBe('read');
  });

  test.each([
    ['a task that writes in verify', 'yaml verify uses=fly/restart', 'app: $app', 'declare it: effect=write'],
    ['a POST in verify', 'http verify', 'POST $base_url', 'declare it: effect=write'],
    [
      'a task that writes and says it reads',
      'yaml seed uses=fly/restart effect=read',
      'app: $app',
      'declare it: effect=write',
    ],
  ])('%s is refused', (_, info, body, next) => {
    const problem = refusal(() => plan(fence(info, body)));
    expect(problem.problems).toMatchObject([{ code: 'effect-too-small', where: { line: 11 }, next: [next] }]);
  });

  test('triage with a task that writes is refused', () => {
    const problem = refusal(() => plan(`# Down\n${fence('yaml triage uses=fly/restart', 'app: $app')}`));
    expect(problem.problems?.[0]?.next).toEqual(['make it a remedy: triage only looks']);
  });
});

/** What planning finds in a step, by what is written from line 11 on. */
const FOUND: Record<string, [body: string, ...expected: string[]]> = {
  'a task that is not there': [
    fence('yaml verify uses=fly/statsu', 'app: $app'),
    'task-unknown @ 11:1 «yaml verify uses=fly/statsu id=verify» → did you mean `fly/status`?',
  ],
  'a key that the task does not have': [
    fence('yaml verify uses=fly/status', 'ap: $app'),
    'key-missing @ 12:1 «ap: $app» → add `app: …`',
    'key-unknown @ 12:1 «ap: $app» → did you mean `app`?',
  ],
  'a value that the task does not take': [
    fence('yaml deploy uses=fly/deploy', 'app: $app\nstrategy: roling'),
    'value-not-allowed @ 13:11 «strategy: roling» → did you mean `rolling`?',
  ],
  'a secret that the task needs and nobody declared': [
    fence('yaml deploy uses=fly/secrets', 'app: $app\nnames: [TOKEN, TOKN]'),
    'secret-undeclared @ 13:16 «names: [TOKEN, TOKN]» → did you mean `TOKEN`?',
  ],
};

describe('a mistake that only the plan can see is told with its place', () => {
  test.each(Object.entries(FOUND))('%s', (_, [body, ...expected]) => {
    expect(refusal(() => plan(body)).problems?.map(brief)).toEqual(expected);
  });

  test('a variable that another environment has and this one lacks', () => {
    const text =
      FRONT.replace('values:\n', '  qa: { guard: open, values: { app: booking-qa } }\nvalues:\n') +
      fence('http verify', 'GET $base_url') +
      USES;
    const problem = refusal(() => buildPlan(parse(text), { ...REQUEST, environment: 'qa' }));
    expect(problem.problems?.map(brief)).toEqual([
      'variable-undefined @ 13:5 «$base_url» → add base_url under environments.qa.values',
    ]);
  });
});

describe('what a step captures', () => {
  const body = fence('bash seed id=make capture=made') + fence('yaml verify id=use uses=fly/status', 'app: $made');

  test('is known to later steps, and is not judged before it is there', () => {
    expect(plan(body).steps.find(({ id }) => id === 'use')?.captured).toEqual(['made']);
  });

  test('is missed where the flow does not walk that step', () => {
    const problem = refusal(() => plan(body, { flow: 'redeploy' }));
    expect(problem.problems?.map(({ code }) => code)).toEqual(['capture-not-walked']);
  });
});

describe('secrets', () => {
  const front = FRONT.replace(
    'TOKEN: { ask: The token }',
    'TOKEN: { ask: The token }\n  URL: { from: made, ask: The URL }\n  KEY: { ask: A key, optional: true, environments: [staging] }',
  );
  const made = (body: string, request: Partial<PlanRequest> = {}) =>
    buildPlan(parse(front + body + USES), { ...REQUEST, ...request });
  const names = ({ secrets }: Plan) =>
    secrets.map(({ name, from }) => (from === undefined ? name : `${name} from ${from}`));

  test('are those of the path and of what may undo it', () => {
    const body = [
      fence('bash seed id=made'),
      fence('bash deploy id=out undo=back secrets=KEY'),
      fence('bash rollback id=back secrets=URL'),
    ].join('');
    expect(names(made(body))).toEqual(['TOKEN', 'URL from made', 'KEY']);
    expect(names(made(body, { flow: 'rollback' }))).toEqual(['URL']);
  });

  test('that a step yields are asked for where the flow does not walk it', () => {
    const body = fence('bash seed id=made secrets=KEY') + fence('sql verify secrets=URL', 'select 1');
    expect(names(made(body))).toEqual(['TOKEN', 'URL from made', 'KEY']);
    expect(names(made(body, { flow: 'redeploy' }))).toEqual(['TOKEN', 'URL']);
  });

  test('that several steps may yield come from the one that the flow walks', () => {
    const token = 'TOKEN: { ask: The token }';
    const both = FRONT.replace(token, `${token}\n  URL: { from: [made, again], ask: The URL }`);
    const body = [
      fence('bash seed id=made'),
      fence('sql verify id=look secrets=URL', 'select 1'),
      '\n## Move\n',
      fence('bash routine id=again'),
      fence('sql routine secrets=URL', 'select 2'),
    ].join('');
    const plan = (flow: 'setup' | 'redeploy' | 'routine') => buildPlan(parse(both + body + USES), { ...REQUEST, flow });
    expect(names(plan('setup'))).toEqual(['TOKEN', 'URL from made']);
    expect(names(plan('routine'))).toEqual(['URL from again']);
    expect(names(plan('redeploy'))).toEqual(['TOKEN', 'URL']);
  });

  test('that a step yields cannot be used before it', () => {
    const problem = refusal(() =>
      made(fence('sql verify id=look secrets=URL', 'select 1') + fence('bash seed id=made secrets=KEY')),
    );
    expect(problem.problems).toMatchObject([{ code: 'secret-order', next: ['move made above look'] }]);
  });
});

describe('the cabañas runbook', () => {
  test.each(['staging', 'rehearsal'])('plans cleanly in %s, in every flow that it has', async (environment) => {
    const cabanas = await loadRunbook('cabanas-staging');
    for (const flow of FLOWS.filter((each) => each !== 'routine')) {
      const made = buildPlan(cabanas, { ...REQUEST, environment, flow });
      expect(made.path.length).toBeGreaterThan(0);
    }
  });

  test('walks its eight phases, changes things only where it says so, and binds its checklist', async () => {
    const made = buildPlan(await loadRunbook('cabanas-staging'), REQUEST);
    const lines = made.path.map((id) => {
      const step = made.steps.find((each) => each.id === id);
      return `${step?.stage} ${id} ${step?.uses} ${step?.effect}`;
    });
    expect(lines).toEqual([
      'preflight flyctl fly/ready read',
      'preflight region fly/region read',
      'preflight repositorio bash read',
      'seed app fly/app write',
      'seed base-de-datos fly/postgres write',
      'seed redis manual write',
      'seed secretos fly/secrets write',
      'deploy secretos-presentes fly/secrets-present read',
      'deploy despliegue fly/deploy write',
      'verify estado fly/status read',
      'verify salud http read',
      'verify lista http read',
      'verify metricas http read',
      'verify tiempos http/benchmark read',
      'seed cabana sql write',
      'verify carrera http/race write',
      'verify registro fly/logs read',
    ]);
    expect(made.checklist).toHaveLength(9);
    expect(made.secrets.filter(({ from }) => from === undefined).map(({ name }) => name)).toEqual([
      'REDIS_URL',
      'JWT_SECRET',
      'WHATSAPP_ACCESS_TOKEN',
      'MERCADOPAGO_ACCESS_TOKEN',
      'ADMIN_ALLOWED_EMAILS',
      'ICS_SALT',
    ]);
  });

  test('never enters production', async () => {
    const cabanas = await loadRunbook('cabanas-staging');
    expect(refusal(() => buildPlan(cabanas, { ...REQUEST, environment: 'production' })).code).toBe(
      'environment-sealed',
    );
  });
});
