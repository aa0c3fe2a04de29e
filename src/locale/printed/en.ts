import type { PrintedMessages } from './types.ts';

const many = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

export const en: PrintedMessages = {
  plan: {
    steps: (count, changing) =>
      `${many(count, 'step')}, ${
        changing === 0
          ? 'none of which changes anything'
          : changing === 1
            ? '1 changes something'
            : `${changing} change something`
      }`,
    guards: {
      open: 'Nothing is asked before the first change.',
      confirm: 'A confirmation is asked for before the first change.',
      typed: 'The name of the environment has to be typed before the first change.',
      approve: 'A second person has to approve before the first change.',
      sealed: 'Sealed.',
    },
    effects: { read: 'read', write: 'WRITE', destroy: 'DESTROY' },
    values: 'VALUES',
    secrets: 'SECRETS',
    others: 'NOT ON THIS PATH',
    checklist: (lines, proven, attested) =>
      `CHECKLIST: ${many(lines, 'line')}, ${proven} proven by steps${attested === 0 ? '' : `, ${attested} attested by a person`}`,
    on: (place) => `on ${place}`,
    byAPerson: 'done by a person',
    upTo: (time) => `up to ${time}`,
    again: (times, apart) => `tried again ${times}×, ${apart} apart`,
    budget: (times) => `at most ${times}× in a run`,
    after: (steps) => `after ${steps}`,
    sees: (secrets) => `sees ${secrets}`,
    captures: (names) => `captures ${names}`,
    undoneBy: (step) => `undone by ${step}`,
    probedBy: (step) => `probed by ${step}`,
    notKept: 'output not kept',
    anyGoodStatus: 'status 200 to 299',
    mayBeLeftOut: '(may be left out)',
    yieldedBy: (step) => `not asked: ${step} yields it`,
    nothingWasRun: 'Nothing was run.',
  },
  approve: {
    asks: (operator, host, name, run) => `${operator} on ${host} asks you, ${name}, to approve the run ${run}.`,
    type: (run) => `To approve it, type its id (${run}): `,
    written: (file, command) => `Written to ${file}. The approver runs: ${command}`,
    approved: (run) => `${run} is approved.`,
    sendBack: (command) => `Send it back. The operator runs: ${command}`,
  },
  runs: {
    none: 'No runs yet. Start one with: tejun',
    heard: (operator, host, at) => `${operator} on ${host}, heard of at ${at}`,
    states: {
      sealed: 'sealed',
      live: 'live',
      stopped: 'stopped',
      elsewhere: 'elsewhere',
      unreadable: 'unreadable',
    },
  },
  show: {
    since: (operator, host, at) => `${operator}${host === undefined ? '' : ` on ${host}`} · since ${at}`,
    heard: (at) => `as the team’s store heard it, last at ${at}`,
    attempt: (number) => `attempt ${number}`,
    edited: 'its command was edited before it ran:',
  },
};
