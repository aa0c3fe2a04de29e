import { expect, test } from 'vitest';
import { widthOf } from '../../screens/layout/text.ts';
import { planCommand } from '../../src/commands/plan.ts';
import { LOCALES } from '../../src/locale/index.ts';

const CABANAS = { runbook: 'cabanas-staging', environment: 'staging', flow: 'setup', set: [], json: false } as const;

test('the plan names every step in order, with its effect and its exact commands', async () => {
  const text = await planCommand(CABANAS);
  const order = [
    'PRE-FLIGHT',
    '1  read',
    'SEED',
    '4  WRITE',
    'DEPLOY',
    '9  WRITE',
    'VERIFY',
    'NOT ON THIS PATH',
    'SECRETS',
    'CHECKLIST',
  ];
  const places = order.map((word) => text.indexOf(word));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text).toContain('│ flyctl deploy -a sist-cabanas-mvp --strategy rolling --yes\n');
  expect(text).toContain('✓ body checks.database == ok\n');
  expect(text).toContain('A confirmation is asked for before the first change.');
  expect(text).toContain('rollback  WRITE');
  expect(text.trimEnd().endsWith('Nothing was run.')).toBe(true);
});

test('secrets stand as $NAME, on standard input', async () => {
  expect(await planCommand(CABANAS)).toContain('printf %s "$JWT_SECRET" | flyctl secrets set JWT_SECRET=- --stage');
});

test('everything but scripts and requests fits in 80 columns', async () => {
  for (const flow of ['setup', 'redeploy', 'rollback', 'incident'] as const) {
    for (const locale of LOCALES) {
      const lines = (await planCommand({ ...CABANAS, flow, locale })).split('\n');
      const long = lines.filter((line) => widthOf(line) > 80 && !/│ (\s|\{|SELECT)/.test(line));
      expect(long).toEqual([]);
    }
  }
});

test.each([
  ['es', 'DESPLIEGUE', 'Antes del primer cambio se pide una confirmación.', 'No se ejecutó nada.'],
  ['ja', 'デプロイ', '最初の変更の前に、確認があります。', '何も実行していません。'],
] as const)('it speaks %s, and its titles stand one below the other', async (locale, stage, guard, end) => {
  const text = await planCommand({ ...CABANAS, locale });
  for (const said of [stage, guard, end]) expect(text).toContain(`${said}\n`);
  const titles = text.split('\n').flatMap((line) => /^ *\d+ {2}\S+ +/.exec(line) ?? []);
  expect(titles.length).toBeGreaterThan(8);
  expect(new Set(titles.map(widthOf)).size).toBe(1);
});

test('given values are planned with', async () => {
  const text = await planCommand({ ...CABANAS, set: ['check_in=2026-04-01', 'check_out=2026-04-03'] });
  expect(text).toContain('"check_in":"2026-04-01"');
});

test('as JSON it has the commands of each step', async () => {
  const plan = JSON.parse(await planCommand({ ...CABANAS, json: true }));
  expect(plan).toMatchObject({ tejun: 1, flow: 'setup', environment: { name: 'staging', guard: 'confirm' } });
  const health = plan.steps.find(({ id }: { id: string }) => id === 'salud');
  expect(health.commands).toEqual(['GET https://sist-cabanas-mvp.fly.dev/api/v1/healthz']);
});
