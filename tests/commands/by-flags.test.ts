import { describe, expect, test } from 'vitest';
import { type AnswerOptions, type Answers, readAnswers, strayAnswers } from '../../src/commands/answers.ts';
import { type Answer, answerByFlags, missingBefore } from '../../src/commands/by-flags.ts';
import type { Offers } from '../../src/commands/offer.ts';
import type { Entry } from '../../src/journal/records.ts';
import { EXIT } from '../../src/problem.ts';
import type { Choice } from '../../tasks/task.ts';
import { intentOf, plannedStep, planOf, resultOf, stateOf } from '../engine/fixtures.ts';

const plan = planOf(
  [
    plannedStep('tools', { stage: 'preflight', effect: 'read' }),
    plannedStep('told', { uses: 'manual', language: 'manual' }),
    plannedStep('rollout', { undo: 'back' }),
    plannedStep('wipe', { effect: 'destroy', uses: 'backup/drop', input: { name: 'booking_old' } }),
    plannedStep('back', { stage: 'rollback' }),
  ],
  {
    environment: { name: 'production', guard: 'typed', rehearsal: false },
    checklist: [
      { id: 'item-1', text: 'It answers', steps: ['rollout'], position: { line: 1, column: 1 } },
      { id: 'item-2', text: 'Somebody was told', steps: [], position: { line: 2, column: 1 } },
    ],
  },
);

const flags = (over: Partial<AnswerOptions> = {}) =>
  readAnswers({
    confirm: [],
    attest: [],
    skip: [],
    retry: [],
    choose: [],
    check: [],
    onFailure: 'stop',
    ...over,
  });

const ran = (id: string, outcome: 'passed' | 'failed' = 'passed') => [intentOf(id), resultOf(id, outcome)];
const guard: Entry = { type: 'guard.satisfied', guard: 'typed', how: 'flag', by: 'a' };
const told: Entry = { type: 'step.settled', step: 'told', outcome: 'passed', how: 'by-hand', reason: 'yes', by: 'a' };
const atRollout = [...ran('tools'), guard, told];
const atWipe = [...atRollout, ...ran('rollout')];
const walked = [...atWipe, ...ran('wipe')];
const failed = [...atRollout, ...ran('rollout', 'failed')];
const releases: Choice = {
  field: 'image',
  options: [
    { value: 'registry/app:2', label: 'v2' },
    { value: 'registry/app:1', label: 'v1' },
  ],
  suggested: 1,
};
const offered: Offers = new Map([['back', releases]]);

function answer(
  entries: readonly Entry[],
  given: Partial<AnswerOptions> = {},
  offers: Offers = new Map(),
): Answer | undefined {
  return answerByFlags(plan, stateOf(plan, entries), flags(given), { offers, retried: new Set() });
}

describe('a run that flags answer', () => {
  const table: [string, Entry[], Partial<AnswerOptions>, unknown][] = [
    ['runs what only reads without a flag', [], {}, { kind: 'run', steps: ['tools'] }],
    [
      'takes the typed name of an environment from --confirm',
      ran('tools'),
      { confirm: ['production'] },
      { kind: 'guard', text: 'production', by: 'flag' },
    ],
    [
      'takes a person’s word from --attest',
      [...ran('tools'), guard],
      { attest: ['told=in the channel'] },
      { kind: 'settle', step: 'told', how: 'by-hand', reason: 'in the channel' },
    ],
    ['runs a step that changes', atRollout, {}, { kind: 'run', steps: ['rollout'] }],
    [
      'leaves out what --skip names',
      atRollout,
      { skip: ['rollout=frozen = yes'] },
      { kind: 'settle', step: 'rollout', how: 'skipped', reason: 'frozen = yes' },
    ],
    [
      'names what is destroyed',
      atWipe,
      { confirm: ['booking_old'] },
      { kind: 'run', steps: ['wipe'], typed: 'booking_old', by: 'flag' },
    ],
    ['runs a failed step again', failed, { retry: ['rollout'] }, { kind: 'run', steps: ['rollout'] }],
    ['asks what the way back offers', failed, { onFailure: 'undo' }, { kind: 'choose', step: 'back' }],
    ['seals when it went back', [...failed, ...ran('back')], { onFailure: 'undo' }, { kind: 'seal' }],
    [
      'attests a line of the checklist',
      walked,
      { check: ['2=done:in the channel'] },
      { kind: 'check', item: 'item-2', state: 'done', note: 'in the channel' },
    ],
    ['seals with open lines for --yes', walked, { yes: true }, { kind: 'seal' }],
  ];
  test.each(table)('%s', (_, entries, given, intent) => {
    expect(answer(entries, given)).toEqual({ intent });
  });

  test('goes back to the suggested release, or to the one that is named', () => {
    const to = (value: string) => ({
      intent: { kind: 'run', steps: ['back'], inputs: { back: { image: value } } },
    });
    expect(answer(failed, { onFailure: 'undo' }, offered)).toEqual(to('registry/app:1'));
    expect(answer(failed, { onFailure: 'undo', choose: ['back=v2'] }, offered)).toEqual(to('registry/app:2'));
  });
});

describe('a question that no flag answers', () => {
  const table: [string, Entry[], Partial<AnswerOptions>, Offers | undefined, number, RegExp][] = [
    [
      'the guard: --yes is not the name',
      ran('tools'),
      { yes: true },
      undefined,
      EXIT.suspended,
      /--confirm=production/,
    ],
    ['what a person does', [...ran('tools'), guard], { yes: true }, undefined, EXIT.suspended, /--attest told=NOTE/],
    [
      'what is destroyed: neither --yes nor another name',
      atWipe,
      { yes: true, confirm: ['production'] },
      undefined,
      EXIT.suspended,
      /--confirm=booking_old/,
    ],
    ['a failure after a change', failed, { yes: true }, undefined, EXIT.failed, /--retry rollout/],
    ['a failed check', ran('tools', 'failed'), { yes: true }, undefined, EXIT.preflight, /--skip tools=REASON/],
    [
      'a release that is not offered',
      failed,
      { onFailure: 'undo', choose: ['back=v9'] },
      offered,
      EXIT.suspended,
      /--choose back=registry\/app:2/,
    ],
    ['a line that would be left open', walked, {}, undefined, EXIT.suspended, /--check 2=done/],
  ];
  test.each(table)('%s', (_, entries, given, offers, exit, next) => {
    const answered = answer(entries, given, offers);
    expect(answered).toMatchObject({ exit });
    expect(answered && 'missing' in answered ? answered.missing.next?.join('\n') : '').toMatch(next);
  });

  test('an unknown outcome is never run again by itself', () => {
    const unknown: Entry = { type: 'step.result', step: 'rollout', attempt: 1, outcome: 'unknown', ms: 1, summary: '' };
    const state = [...atRollout, intentOf('rollout'), unknown];
    expect(answer(state, { yes: true, onFailure: 'stop' })).toMatchObject({ exit: EXIT.suspended });
    expect(answer(state, { attest: ['rollout=it is there'] })).toMatchObject({ intent: { how: 'by-hand' } });
  });

  test('what is decided beforehand is missed before anything starts', () => {
    const missed = (given: Partial<AnswerOptions>) =>
      missingBefore(plan, flags(given), []).map(({ next }) => next?.[0]);
    expect(missed({ yes: true })).toEqual(['--confirm=production', '--confirm=booking_old']);
    expect(missed({ confirm: ['production', 'booking_old'] })).toEqual([]);
    expect(missed({ confirm: ['production'], skip: ['wipe=kept'] })).toEqual([]);
  });
});

describe('secrets', () => {
  const token = { name: 'TOKEN', ask: 'The token', optional: false, position: { line: 1, column: 1 } };
  const withSecret = (rehearsal: boolean) =>
    planOf([plannedStep('rollout')], {
      environment: { name: rehearsal ? 'rehearsal' : 'staging', guard: 'open', rehearsal },
      secrets: [token],
    });
  const asked = (rehearsal: boolean, given: Partial<AnswerOptions>) => {
    const plan = withSecret(rehearsal);
    return answerByFlags(plan, stateOf(plan), flags(given), { offers: new Map(), retried: new Set() });
  };

  test('one that nothing gives is missed before anything starts', () => {
    const plan = withSecret(false);
    const codes = (names: string[]) => missingBefore(plan, flags({ yes: true }), names).map(({ what }) => what);
    expect(codes([])).toEqual(['The secret TOKEN is asked for, and nothing gives it.']);
    expect(codes(['TOKEN'])).toEqual([]);
    expect(asked(false, { yes: true })).toMatchObject({ exit: EXIT.suspended });
  });

  test('one that a step yielded to an engine that is gone is asked for, with the step and the flag', () => {
    const yielded = { ...token, from: ['attach'] };
    const resumable = planOf([plannedStep('attach'), plannedStep('rollout', { secrets: ['TOKEN'] })], {
      environment: { name: 'staging', guard: 'open', rehearsal: false },
      secrets: [yielded],
    });
    const attached: Entry[] = [...ran('attach'), { type: 'secret.set', name: 'TOKEN', source: 'step', by: 'a' }];
    const next = (entries: readonly Entry[]) =>
      answerByFlags(resumable, stateOf(resumable, entries), flags(), { offers: new Map(), retried: new Set() });
    expect(missingBefore(resumable, flags({ yes: true }), [])).toEqual([]);
    expect(next(attached)).toEqual({ intent: { kind: 'run', steps: ['rollout'] } });
    const resumed: Entry = { type: 'resumed', by: 'a', pid: 2 } as Entry;
    expect(next([...attached, resumed])).toMatchObject({
      exit: EXIT.suspended,
      missing: {
        what: 'The secret TOKEN is asked for, and nothing gives it.',
        means: expect.stringContaining('"Step attach" yields it'),
        next: [expect.stringContaining('--secret TOKEN=@FILE'), expect.anything()],
      },
    });
  });

  test('in a rehearsal --yes takes the rehearsal’s own', () => {
    expect(missingBefore(withSecret(true), flags({ yes: true }), [])).toEqual([]);
    expect(asked(true, { yes: true })).toEqual({ intent: { kind: 'secret', name: 'TOKEN', source: 'rehearsal' } });
    expect(asked(true, {})).toMatchObject({ exit: EXIT.suspended });
  });
});

describe('answers', () => {
  test.each([
    ['a person who says nothing', { attest: ['told='] }, /--attest told=/],
    ['a step twice', { skip: ['a=b', 'a=c'] }, /given twice/],
    ['both', { skip: ['a=b'], attest: ['a=c'] }, /both answer a/],
    ['a state that there is not', { check: ['2=yes'] }, /done, not-applicable, not-done/],
    ['an empty choice', { choose: ['back='] }, /--choose STEP=VALUE/],
  ])('%s cannot be read', (_, given, said) => {
    const problem = (() => {
      try {
        return flags(given);
      } catch (error) {
        return error as { message: string; next: string[]; exit: number };
      }
    })();
    expect(problem).toMatchObject({ exit: EXIT.usage });
    expect('next' in problem ? [problem.message, ...problem.next].join('\n') : '').toMatch(said);
  });

  test('one that fits no question is found before anything runs', () => {
    const stray = strayAnswers(flags({ skip: ['rolout=x'], check: ['9=done'], choose: ['back'] }), plan);
    expect(stray.map(({ what, next }) => [what, next?.[0]])).toEqual([
      ['--skip rolout: the plan has no such step.', 'did you mean `rollout`?'],
      ['--check item-9: the checklist has no such line.', 'did you mean `item-1`?'],
    ]);
  });
});

describe('an environment that asks for a second person’s approval', () => {
  const guarded = planOf([plannedStep('rollout')], {
    environment: { name: 'production', guard: 'approve', rehearsal: false },
  });
  const approval = { run: 'run-1', begin: 'b'.repeat(64), plan: 'c'.repeat(64), by: 'bob@ops', sig: 'SSHSIG' };
  const given = (over: Partial<Answers>): Answers => ({ ...flags(), ...over });
  const answered = (answers: Answers) =>
    answerByFlags(guarded, stateOf(guarded, []), answers, { offers: new Map(), retried: new Set() });

  test('is named with its flags, before anything starts and on the way; --yes does not answer it', () => {
    for (const answers of [flags(), flags({ yes: true })]) {
      const missing = { code: 'answer-missing', what: expect.stringMatching(/^production asks for a second person/) };
      expect(missingBefore(guarded, answers, [])).toMatchObject([missing]);
      expect(answered(answers)).toMatchObject({ missing, exit: EXIT.suspended });
    }
    expect(missingBefore(guarded, flags(), [])[0]?.next?.join()).toContain('--approval wait');
  });

  test('is waited for, or given', () => {
    expect(missingBefore(guarded, given({ approval: 'wait' }), [])).toEqual([]);
    expect(answered(given({ approval: 'wait' }))).toBeUndefined();
    expect(answered(given({ approval }))).toEqual({ intent: { kind: 'approve', approval } });
  });

  test('cannot be given for a run that has not begun, nor where none is asked for', () => {
    expect(missingBefore(guarded, given({ approval }), [])).toMatchObject([
      { code: 'answer-unknown', what: expect.stringContaining('this run has not begun') },
    ]);
    expect(strayAnswers(given({ approval: 'wait' }), plan)).toMatchObject([
      { what: '--approval: production asks for no approval.' },
    ]);
  });
});
