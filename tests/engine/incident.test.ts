import { describe, expect, test } from 'vitest';
import { conclude } from '../../src/engine/conclusion.ts';
import { pictureOf, symptomsOf } from '../../src/engine/incident.ts';
import { openIncident } from '../../src/engine/state.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from './fixtures.ts';

const under = (heading: string) => ({ headings: ['Problems', heading] });
const steps = [
  plannedStep('roll', { stage: 'deploy' }),
  plannedStep('errors', { stage: 'triage', effect: 'read', tells: true, ...under('It does not start') }),
  plannedStep('machines', { stage: 'triage', effect: 'read', ...under('It does not start') }),
  plannedStep('restart', { stage: 'remedy', ...under('It does not start') }),
  plannedStep('database', { stage: 'triage', effect: 'read', ...under('Health fails') }),
  plannedStep('cache', { stage: 'triage', effect: 'read', ...under('Health fails') }),
  plannedStep('password', { stage: 'remedy', ...under('Health fails') }),
];
const plan = planOf(steps);
const ran = (id: string, outcome: 'passed' | 'failed') => [intentOf(id), resultOf(id, outcome)];
const opened = { type: 'incident.opened', by: 'alice@ops' } as const;
const closed = { type: 'incident.closed', finding: 'Redis was full', by: 'ben@ops' } as const;

describe('an incident in the journal', () => {
  test('is open from its record to its end, and keeps when it began while another symptom is looked at', () => {
    const looked = stateOf(plan, [opened, { ...opened, symptom: 'Health fails', by: 'ben@ops' }]);
    expect(looked.incidents).toHaveLength(1);
    expect(openIncident(looked)).toMatchObject({ by: 'alice@ops', symptom: 'Health fails' });
    const over = stateOf(plan, [opened, closed]);
    expect(openIncident(over)).toBeUndefined();
    expect(over.incidents[0]?.closed).toMatchObject({ finding: 'Redis was full', by: 'ben@ops' });
  });

  test('a second one is another', () => {
    const { incidents } = stateOf(plan, [opened, closed, opened]);
    expect(incidents.map((each) => each.closed !== undefined)).toEqual([true, false]);
  });

  test('completes a run that was opened for it when it is over; the path of another run stays as it was', () => {
    const incident = planOf(steps, { flow: 'incident', path: ['errors', 'machines'] });
    expect(conclude(incident, stateOf(incident, [opened, ...ran('machines', 'failed'), closed])).outcome).toBe(
      'completed',
    );
    expect(conclude(incident, stateOf(incident, [opened])).outcome).toBe('abandoned');
    expect(conclude(plan, stateOf(plan, [opened, closed])).outcome).toBe('abandoned');
  });
});

describe('the picture', () => {
  test('symptoms are the headings of triage, in the document’s order', () => {
    expect(symptomsOf(plan)).toEqual(['It does not start', 'Health fails']);
  });

  test('what is wrong comes first, what is fine last, and a log that could be read is not called fine', () => {
    const state = stateOf(plan, [
      ...ran('errors', 'passed'),
      ...ran('machines', 'passed'),
      ...ran('cache', 'failed'),
      intentOf('database'),
    ]);
    const { checks } = pictureOf(plan, state, undefined);
    expect(checks.map(({ step, finding }) => `${step.id} ${finding}`)).toEqual([
      'cache wrong',
      'database looking',
      'errors told',
      'machines fine',
    ]);
  });

  test('the remedies of what is wrong come first, and no other is hidden', () => {
    const state = stateOf(plan, ran('cache', 'failed'));
    const remedies = pictureOf(plan, state, undefined).remedies.map(({ step, fits }) => [step.id, fits]);
    expect(remedies).toEqual([
      ['password', true],
      ['restart', false],
    ]);
  });

  test('a symptom shows its own checks, and its own remedies fit it', () => {
    const { checks, remedies } = pictureOf(plan, stateOf(plan), 'It does not start');
    expect(checks.map(({ step, finding }) => [step.id, finding])).toEqual([
      ['errors', 'unseen'],
      ['machines', 'unseen'],
    ]);
    expect(remedies.filter(({ fits }) => fits).map(({ step }) => step.id)).toEqual(['restart']);
  });
});
