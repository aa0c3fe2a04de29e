import type { PlaceName } from '../src/locale/types.ts';

/** Where keys are taken: a screen, or what lies over it. Each has its words in every language, so they are named there. */
export type Place = PlaceName;

export type Action = keyof typeof KEYS;

export interface Binding {
  /** Names as the keyboard gives them (keyboard/keys.ts). */
  keys: readonly string[];
  places: readonly Place[];
}

const IN_A_RUN = ['preflight', 'secrets', 'guard', 'stage', 'rollback', 'symptom', 'incident', 'checklist'] as const;
const TEXT_FREE = [
  'home',
  'environment',
  'preflight',
  'guard',
  'stage',
  'rollback',
  'symptom',
  'incident',
  'checklist',
  'done',
] as const;
const SCROLLING = ['help', 'problem', 'output', 'details', 'timeline'] as const;
const LISTS = [
  'home',
  'environment',
  'preflight',
  'rollback',
  'symptom',
  'incident',
  'checklist',
  'quit',
  ...SCROLLING,
] as const;

/**
 * Every key of tejun, in order of importance: the footer, the `?` overlay and docs/keys.md are made from this table, and
 * a key that is not in it does nothing. In a place a key stands for one action at a time; `Moves.keys` says which.
 */
export const KEYS = {
  choose: { keys: ['enter'], places: ['home', 'environment', 'symptom', 'quit'] },
  nextField: { keys: ['enter', 'down', 'tab'], places: ['values'] },
  start: { keys: ['enter'], places: ['values'] },
  runChecks: { keys: ['enter'], places: ['preflight'] },
  rerunFailed: { keys: ['enter', 'r'], places: ['preflight'] },
  runNext: { keys: ['enter'], places: ['stage', 'rollback'] },
  attest: { keys: ['enter'], places: ['preflight', 'stage', 'rollback', 'incident'] },
  goOn: { keys: ['enter'], places: ['preflight', 'stage', 'rollback'] },
  pick: { keys: ['enter'], places: ['rollback'] },
  read: { keys: ['enter', 'l'], places: ['incident'] },
  openRemedy: { keys: ['enter'], places: ['incident'] },
  takeSecret: { keys: ['enter'], places: ['secrets'] },
  rehearsalValue: { keys: ['enter'], places: ['secrets'] },
  leaveOut: { keys: ['tab'], places: ['secrets'] },
  sayYes: { keys: ['y'], places: ['guard', 'sure'] },
  confirm: { keys: ['enter'], places: ['guard', 'sure', 'destroy', 'takeOver'] },
  accept: { keys: ['enter'], places: ['write'] },
  seal: { keys: ['enter'], places: ['checklist'] },
  leave: { keys: ['enter', 'q'], places: ['done'] },
  lookAgain: { keys: ['r'], places: ['incident'] },
  giveSecrets: { keys: ['s'], places: ['incident'] },
  incidentOver: { keys: ['o'], places: ['incident'] },
  nextPart: { keys: ['tab'], places: ['incident'] },
  runRest: { keys: ['a'], places: ['stage'] },
  retry: { keys: ['r'], places: ['stage', 'rollback'] },
  edit: { keys: ['e'], places: ['preflight', 'stage', 'rollback'] },
  takeEdit: { keys: ['enter'], places: ['edit'] },
  newLine: { keys: ['ctrl+o'], places: ['edit'] },
  ownText: { keys: ['ctrl+r'], places: ['edit'] },
  skip: { keys: ['s'], places: ['preflight', 'stage', 'rollback'] },
  byHand: { keys: ['h'], places: ['preflight', 'stage', 'rollback'] },
  rollback: { keys: ['R'], places: ['preflight', 'stage', 'incident', 'checklist'] },
  incident: { keys: ['I'], places: ['home', 'preflight', 'guard', 'stage', 'rollback', 'checklist'] },
  itemDone: { keys: ['d'], places: ['checklist'] },
  itemNotApplicable: { keys: ['n'], places: ['checklist'] },
  itemNotDone: { keys: ['x'], places: ['checklist'] },
  details: { keys: ['d'], places: ['preflight', 'stage', 'rollback', 'incident'] },
  output: { keys: ['l'], places: ['preflight', 'stage', 'rollback'] },
  note: { keys: ['n'], places: ['preflight', 'stage', 'rollback', 'symptom', 'incident'] },
  timeline: { keys: ['t'], places: ['incident', 'checklist', 'done'] },
  clear: { keys: ['ctrl+u'], places: ['values', 'secrets', 'guard', 'write', 'edit', 'destroy', 'takeOver'] },
  up: { keys: ['up'], places: [...LISTS, 'edit'] },
  down: { keys: ['down'], places: [...LISTS, 'edit'] },
  pageUp: { keys: ['pageup'], places: [...SCROLLING] },
  pageDown: { keys: ['pagedown', 'space'], places: [...SCROLLING] },
  first: { keys: ['home'], places: [...SCROLLING] },
  last: { keys: ['end'], places: [...SCROLLING] },
  caretLeft: { keys: ['left', 'ctrl+b'], places: ['edit'] },
  caretRight: { keys: ['right', 'ctrl+f'], places: ['edit'] },
  lineStart: { keys: ['home', 'ctrl+a'], places: ['edit'] },
  lineEnd: { keys: ['end', 'ctrl+e'], places: ['edit'] },
  eraseNext: { keys: ['delete', 'ctrl+d'], places: ['edit'] },
  previousField: { keys: ['up', 'shift+tab'], places: ['values'] },
  previousChoice: { keys: ['left'], places: ['values'] },
  nextChoice: { keys: ['right'], places: ['values'] },
  close: { keys: ['esc', 'enter', 'q'], places: ['help', 'problem', 'output', 'details', 'timeline'] },
  stay: { keys: ['esc'], places: ['quit', 'sure', 'write', 'edit', 'destroy', 'takeOver'] },
  back: {
    keys: ['esc'],
    places: [
      'home',
      'environment',
      'values',
      'secrets',
      'guard',
      'stage',
      'rollback',
      'symptom',
      'incident',
      'checklist',
    ],
  },
  help: { keys: ['?'], places: [...TEXT_FREE] },
  quit: { keys: ['q'], places: ['home', 'preflight', 'stage', 'rollback', 'symptom', 'incident', 'checklist'] },
  askQuit: {
    keys: ['ctrl+c'],
    places: [
      'home',
      'environment',
      'values',
      'starting',
      ...IN_A_RUN,
      'done',
      'help',
      'problem',
      'output',
      'details',
      'timeline',
      'write',
      'edit',
      'sure',
      'destroy',
      'takeOver',
    ],
  },
  stopNow: { keys: ['ctrl+c'], places: ['quit'] },
  leaveNow: { keys: ['ctrl+c'], places: ['quit'] },
} as const satisfies Record<string, Binding>;

/** The table as plain rows, in its order. */
export const BINDINGS: readonly (Binding & { action: Action })[] = (Object.keys(KEYS) as Action[]).map((action) => ({
  action,
  ...KEYS[action],
}));

/** The action of a key among those that can be taken now. */
export function actionOf(key: string, active: readonly Action[]): Action | undefined {
  return active.find((action) => (KEYS[action].keys as readonly string[]).includes(key));
}

/** The name of a key as it is printed. */
export function keyLabel(key: string): string {
  const labels: Readonly<Record<string, string>> = {
    enter: 'Enter',
    esc: 'Esc',
    tab: 'Tab',
    'shift+tab': 'Shift-Tab',
    up: '↑',
    down: '↓',
    left: '←',
    right: '→',
    home: 'Home',
    end: 'End',
    delete: 'Delete',
    pageup: 'PgUp',
    pagedown: 'PgDn',
    space: 'Space',
  };
  return labels[key] ?? key.replace(/^ctrl\+(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}
