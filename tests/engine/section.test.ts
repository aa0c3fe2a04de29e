import { describe, expect, test } from 'vitest';
import { buildPlan } from '../../src/engine/plan.ts';
import { sectionsOf } from '../../src/engine/section.ts';
import { taskFor } from '../../tasks/registry.ts';
import { fence, parse, runbook } from '../runbook/a-runbook.ts';

const document = parse(
  runbook(
    [
      fence('bash deploy id=out'),
      '# Upkeep',
      `## Backup\n${fence('bash routine id=dump')}${fence('bash routine id=list needs=dump,out')}`,
      `## Weekly\n${fence('bash routine id=logs')}`,
      `# It is down\n${fence('bash triage id=ask')}${fence('bash remedy id=kick')}`,
      `# Going back\n## The code\n${fence('bash rollback id=code')}\n## The data\n${fence('bash rollback id=data')}`,
    ].join('\n'),
  ),
);

const walk = (flow: 'routine' | 'incident' | 'rollback', section?: string) =>
  buildPlan(document, {
    environment: 'staging',
    flow,
    ...(section === undefined ? {} : { section }),
    values: {},
    today: '2026-03-01',
    tasks: taskFor,
  });

test('a runbook offers its routines, symptoms and ways back by their nearest headings', () => {
  expect(sectionsOf(document.steps)).toEqual([
    { flow: 'rollback', heading: 'The code', steps: 1 },
    { flow: 'rollback', heading: 'The data', steps: 1 },
    { flow: 'incident', heading: 'It is down', steps: 1 },
    { flow: 'routine', heading: 'Backup', steps: 2 },
    { flow: 'routine', heading: 'Weekly', steps: 1 },
  ]);
});

describe('a section', () => {
  test.each([
    ['routine', undefined, ['dump', 'list', 'logs']],
    ['routine', 'Backup', ['dump', 'list']],
    ['routine', 'Upkeep', ['dump', 'list', 'logs']],
    ['rollback', 'The data', ['data']],
    ['incident', 'It is down', ['ask']],
  ] as const)('of %s under %s walks %j', (flow, section, path) => {
    const plan = walk(flow, section);
    expect(plan.path).toEqual(path);
    expect(plan.section).toBe(section);
    expect(plan.steps, 'the other steps can still be reached').toHaveLength(document.steps.length);
  });

  test('does not wait for steps that it does not walk', () => {
    expect(walk('routine', 'Backup').steps.find(({ id }) => id === 'list')?.needs).toEqual(['dump']);
  });

  test('that is not there is refused with those that are', () => {
    expect(() => walk('routine', 'Weakly')).toThrow(
      expect.objectContaining({
        code: 'section-unknown',
        next: ['did you mean `Weekly`?', 'one of: Backup, Weekly'],
      }),
    );
  });
});

test('a routine comes back as often as one of its steps says', () => {
  const daily = { stage: 'routine', headings: ['Daily'] } as const;
  const steps = [daily, { ...daily, every: 'day' as const }, { stage: 'routine' as const, headings: ['Restore'] }];
  expect(sectionsOf(steps)).toEqual([
    { flow: 'routine', heading: 'Daily', steps: 2, every: 'day' },
    { flow: 'routine', heading: 'Restore', steps: 1 },
  ]);
});
