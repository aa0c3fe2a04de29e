import type { ChoiceWarning } from '../../tasks/task.ts';
import type { ProblemTexts } from './problems/told.ts';

/** Everything that the screens say, in one language. A message that a language lacks fails the build. */

export const LOCALES = ['en', 'es', 'ja'] as const;
export type Locale = (typeof LOCALES)[number];

/** How a step or check stands, in a word. */
export type StatusWord = 'waiting' | 'running' | 'passed' | 'failed' | 'skipped' | 'refused' | 'unknown';

type StageName = 'preflight' | 'seed' | 'deploy' | 'verify' | 'rollback' | 'triage' | 'remedy' | 'routine';
type FlowName = 'setup' | 'redeploy' | 'rollback' | 'incident' | 'routine';
type GuardName = 'open' | 'confirm' | 'typed' | 'approve' | 'sealed';
type WritingKind = 'skip' | 'by-hand' | 'attest' | 'note' | 'incident-over' | 'done' | 'not-applicable' | 'not-done';

/** Names of the actions of the key table, for the footer (a word or two) and for help (a phrase). */
export type ActionName =
  | 'choose'
  | 'nextField'
  | 'start'
  | 'runChecks'
  | 'rerunFailed'
  | 'runNext'
  | 'attest'
  | 'goOn'
  | 'pick'
  | 'takeSecret'
  | 'rehearsalValue'
  | 'leaveOut'
  | 'sayYes'
  | 'confirm'
  | 'accept'
  | 'seal'
  | 'leave'
  | 'runRest'
  | 'retry'
  | 'edit'
  | 'takeEdit'
  | 'newLine'
  | 'ownText'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'caretLeft'
  | 'caretRight'
  | 'lineStart'
  | 'lineEnd'
  | 'eraseNext'
  | 'skip'
  | 'byHand'
  | 'rollback'
  | 'incident'
  | 'read'
  | 'openRemedy'
  | 'lookAgain'
  | 'giveSecrets'
  | 'incidentOver'
  | 'nextPart'
  | 'timeline'
  | 'itemDone'
  | 'itemNotApplicable'
  | 'itemNotDone'
  | 'details'
  | 'output'
  | 'note'
  | 'clear'
  | 'up'
  | 'down'
  | 'previousField'
  | 'previousChoice'
  | 'nextChoice'
  | 'close'
  | 'stay'
  | 'back'
  | 'help'
  | 'quit'
  | 'askQuit'
  | 'stopNow'
  | 'leaveNow';

export type PlaceName =
  | 'home'
  | 'environment'
  | 'values'
  | 'starting'
  | 'preflight'
  | 'secrets'
  | 'guard'
  | 'stage'
  | 'rollback'
  | 'symptom'
  | 'incident'
  | 'checklist'
  | 'done'
  | 'timeline'
  | 'help'
  | 'quit'
  | 'problem'
  | 'output'
  | 'details'
  | 'write'
  | 'edit'
  | 'sure'
  | 'destroy'
  | 'takeOver';

export interface Messages {
  /** The name of the language in itself. */
  language: string;
  /** Decimal mark. */
  decimal: string;
  /** Short names of keys' actions, for the footer. */
  keys: Readonly<Record<ActionName, string>>;
  /** What each action does, for `?` and docs/keys.md. */
  actions: Readonly<Record<ActionName, string>>;
  places: Readonly<Record<PlaceName, string>>;
  stages: Readonly<Record<StageName, string>>;
  /** One sentence on what a stage is for. */
  stageIntro: Readonly<Record<StageName, string>>;
  status: Readonly<Record<StatusWord, string>>;
  effects: Readonly<Record<'read' | 'write' | 'destroy', string>>;
  /** Stands for lines that are not shown. */
  more(lines: number): string;
  /** What stands between two sentences. */
  gap: string;
  move: string;
  /** In the place of what Enter does, for somebody who watches. */
  onlyWatches: string;
  header: {
    /** Beside the environment, for somebody who only looks on. */
    watching: string;
    watchingBehind(seconds: number): string;
    rehearsal: string;
    step(at: number, of: number): string;
  };
  home: {
    title: string;
    loading: string;
    empty: string;
    unfinished: string;
    runbooks: string;
    live: string;
    stopped: string;
    size(steps: number, items: number): string;
    cannotStart(problems: number): string;
    at(step: string): string;
    startedBy(operator: string, time: string): string;
    whatToDo: string;
    flows: Readonly<Record<FlowName, string>>;
    flowIntro: Readonly<Record<FlowName, string>>;
    enterShows: string;
    enterAttaches: string;
    enterOpens: string;
  };
  environment: {
    title: string;
    rehearsal: string;
    rehearsalIntro: string;
    guards: Readonly<Record<GuardName, string>>;
    sealed: string;
    sectionTitle: string;
    drillTitle: string;
    noDrill: string;
    drillIntro: string;
    valuesTitle: string;
    required: string;
    pattern(pattern: string): string;
    choice(choices: string): string;
    enterStarts(environment: string): string;
    enterChooses(environment: string): string;
    cannotEnter: string;
    nothingRuns: string;
  };
  /** What the rehearsal's drills break, by their names. */
  drills: Readonly<Record<string, string>>;
  starting: {
    title: string;
    rehearsal: string;
    attaching: string;
    wait: string;
    /** The platform of a rehearsal, where it stands for the app that is deployed to it. */
    thePlatform: string;
    platform(app: string): string;
    askedToYield(operator: string, run: string): string;
    silent(operator: string, run: string): string;
  };
  preflight: {
    title: string;
    intro: string;
    enterRuns(checks: number): string;
    running(left: number): string;
    allPassed(checks: number): string;
    failed(count: number): string;
    enterReruns(count: number): string;
    goesOn: string;
  };
  /** Asked before any screen is there. */
  passphrase: {
    needed(path: string): string;
    leaveOut: string;
    ask: string;
    /** `left`: tries; 0 when there are none any more. */
    wrong(left: number): string;
  };
  secrets: {
    title: string;
    intro: string;
    empty: string;
    entered: string;
    set: string;
    leftOut: string;
    left(count: number): string;
    rehearsal: string;
    enterTakes: string;
    enterTakesRehearsal: string;
    mustEnter: string;
    /** Entered once by hand, it is asked for again. */
    again: string;
    optional: string;
    notices: Readonly<
      Record<
        'newline-dropped' | 'lines-refused' | 'control-refused' | 'paste-cut' | 'differs' | 'too-early' | 'cleared',
        string
      >
    >;
    format: {
      url(schemes: string): string;
      forbidQuery(names: string): string;
      requireQuery(pairs: string): string;
      base64(bytes: number): string;
      hex(bytes: number): string;
      minLength(characters: number): string;
      minEntropy(bits: number): string;
      multiline: string;
      pattern(pattern: string): string;
    };
    differsFrom(environment: string): string;
    /** Why a secret is asked for that a step yields. */
    yielded(step: string): string;
  };
  guard: {
    title(environment: string): string;
    willChange(steps: number): string;
    rehearsal: string;
    confirm: string;
    sayYes: string;
    saidYes(environment: string): string;
    typeName(environment: string): string;
    wrongName(environment: string): string;
    /** A second person's approval is waited for: what they do here, and what is sent to them elsewhere. */
    approve: string;
    approveHere(command: string): string;
    approveElsewhere(command: string): string;
    approveGive(command: string): string;
  };
  stage: {
    of(at: number, of: number): string;
    command: string;
    enterRuns(step: string, effect: string): string;
    enterAttests: string;
    effect: Readonly<Record<'read' | 'write' | 'destroy', (environment: string) => string>>;
    destroyNext: string;
    attempts(count: number, budget: number | undefined): string;
    elapsed(now: string, limit: string): string;
    again(attempt: number): string;
    stopping: string;
    stoppingNow: string;
    machines: string;
    lastLines: string;
    noOutput: string;
    failed(step: string): string;
    refused(step: string): string;
    unknown(step: string): string;
    unknownMeans: string;
    /** What the step's probe found. */
    probe(probe: string, status: string, summary: string): string;
    means: string;
    next: string;
    decide: string;
    budgetSpent(budget: number): string;
    walked(steps: number): string;
    enterGoesOn(to: string): string;
    asking: string;
  };
  verify: {
    path: string;
    p50: string;
    p95: string;
    errors: string;
  };
  rollback: {
    title: string;
    loading: string;
    pick: string;
    warning: string;
    /** `now`: what serves, where it is known. */
    warnings: Readonly<Record<ChoiceWarning['kind'], (now: string | undefined) => string>>;
    enterPicks: string;
    enterRuns: string;
    done: string;
    nothing: string;
  };
  routine: {
    every: Readonly<Record<'day' | 'week' | 'month', string>>;
    due: string;
    never: string;
    log: string;
    done(when: string, by: string, environment: string): string;
    notCompleted: string;
  };
  incident: {
    title: string;
    asks: string;
    /** All symptoms at once, for somebody who does not know which one it is. */
    unknown: string;
    checks(count: number): string;
    onlyReads: string;
    open(elapsed: string): string;
    everything: string;
    findings: Readonly<Record<'wrong' | 'unseen' | 'looking' | 'told' | 'fine', string>>;
    counts(wrong: number, unseen: number, told: number, fine: number): string;
    needs(what: string): string;
    remedies: string;
    otherRemedies: string;
    effect: Readonly<Record<'read' | 'write' | 'destroy', string>>;
    looking(left: number): string;
    waits(step: string): string;
    enterReads: string;
    enterOpens: string;
    nothing: string;
    goOn: string;
    over: string;
  };
  timeline: {
    /** Above what happened while no screen was attached. */
    meanwhile: string;
    left: string;
    came(person: string): string;
    title: string;
    /** In whose time the moments are given. */
    zone(zone: string): string;
    began(runbook: string, environment: string): string;
    opened(symptom: string | undefined): string;
    closed(finding: string): string;
    guard(how: string): string;
    secret(name: string): string;
    ran(step: string): string;
    skipped(step: string, reason: string): string;
    byHand(step: string, reason: string): string;
    note(text: string): string;
    refused(what: string): string;
    stopped: string;
    suspended: string;
    resumed: string;
    sealed(outcome: string): string;
  };
  checklist: {
    title: string;
    none: string;
    states: Readonly<Record<'open' | 'done' | 'not-applicable' | 'not-done', string>>;
    provedBy(step: string): string;
    /** Digest of the full output of the step that proves it. */
    output(sha256: string): string;
    attestedBy(person: string): string;
    open(count: number): string;
    allDone: string;
    enterSeals: string;
  };
  done: {
    title: Readonly<Record<'completed' | 'rolled-back' | 'failed' | 'abandoned', string>>;
    incidentOver: string;
    suspended: string;
    closing: string;
    counts(passed: number, failed: number, skipped: number, other: number): string;
    openItems(count: number): string;
    signedBy(name: string): string;
    unsigned: string;
    rehearsalSeal: string;
    journal: string;
    next: string;
    nextRehearsal: string;
    enterLeaves: string;
  };
  write: {
    titles: Readonly<Record<WritingKind, string>>;
    about: Readonly<Record<WritingKind, string>>;
    /** The reason of an attestation that says nothing more; it goes into the journal. */
    asWritten: string;
    empty: string;
    signed: string;
  };
  /** The command of a step, changed before it runs. */
  edit: {
    title(step: string): string;
    about: string;
    /** Above a command that is not the runbook's own. */
    edited: string;
    /** Behind the name of a step that ran so. */
    ran: string;
    not: Readonly<Record<'computed' | 'approved' | 'unconfirmed', string>>;
    /** Where there is no screen, lines are asked for one by one. */
    line(at: number, of: number): string;
    another: string;
  };
  sure: {
    rollback(to: string | undefined): string;
    seal(open: number): string;
    sealMeans: string;
    sayYes: string;
    saidYes: string;
  };
  takeOver: {
    /** Somebody else has the lock; what is said of who it is follows. */
    held: string;
    place(host: string, from: string | undefined): string;
    step(title: string): string;
    means: string;
    ask: string;
    wrong(run: string): string;
  };
  destroy: { title(name: string): string; type(name: string): string; wrong(name: string): string };
  quit: {
    title: string;
    ways: Readonly<Record<'stay' | 'cancel' | 'detach' | 'detach-idle' | 'suspend' | 'after-step' | 'now', string>>;
    means: Readonly<Record<'stay' | 'cancel' | 'detach' | 'detach-idle' | 'suspend' | 'after-step' | 'now', string>>;
    again: Readonly<Record<'cancel' | 'suspend' | 'now', string>>;
  };
  problem: {
    title: string;
    warning: string;
    where: string;
    means: string;
    next: string;
    lost: string;
    lostMeans: string;
    resume(run: string): string;
  };
  /** Of problems; absent in English, in which they are written. */
  problems?: ProblemTexts;
  output: { title(step: string): string; file: string; empty: string };
  help: { title: string; rules: readonly string[] };
  /** What only the front end without screens says. */
  plain: {
    /** Asks for the number of a choice, of so many. */
    number(of: number): string;
    noSuch(of: number): string;
    /** What goes back, where a line is asked for. */
    back(mark: string): string;
    escBack: string;
    suggested: string;
    youDoIt: string;
    /** Before how long a step has been running. */
    still(step: string): string;
  };
  tooEarly: string;
  tooSmall: string;
  farewell: {
    /** Above records that are nowhere but on this terminal. */
    unsaved: string;
    detached(run: string): string;
    elsewhere(run: string): string;
    suspended(run: string): string;
    rehearsalOver: string;
    cancelled: string;
    journal(path: string): string;
    verify(command: string): string;
  };
}
