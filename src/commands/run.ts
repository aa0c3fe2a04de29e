import type { Session } from '../../screens/session.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { buildPlan } from '../engine/plan.ts';
import { nextQuestion } from '../engine/question.ts';
import type { StartNews } from '../engine/start-news.ts';
import type { Intent, ScreenEnd } from '../link/messages.ts';
import { en } from '../locale/en.ts';
import { startNewsText } from '../locale/start-news.ts';
import { EXIT, formatProblem, Problem } from '../problem.ts';
import { loadRunbook } from '../runbook/load.ts';
import { REHEARSAL } from '../runbook/types.ts';
import { type Answers, strayAnswers } from './answers.ts';
import { autoIntent } from './auto.ts';
import { answerByFlags, missingBefore, missingProblem } from './by-flags.ts';
import { type Driver, drive } from './drive.ts';
import { type GivenSecrets, readGivenSecrets, type SecretOptions } from './given-secrets.ts';
import { handOver } from './hand-over.ts';
import { type EngineSpec, launchEngine } from './launch.ts';
import type { Offers } from './offer.ts';
import { withKeyOpen } from './passphrase.ts';
import { resumeRun, runbookOfRun } from './resume.ts';

export type RunSpec = Omit<EngineSpec, 'run' | 'resume'>;

/** How a run without screens tells what happens. */
export interface Telling {
  /** Is given each record of the journal; `live` is false for those of a resumed run that were there before. */
  onRecord: Driver['onRecord'];
  /** Is given lines about what is being started or stopped. */
  said(line: string): void;
}

/** Tells what a starting engine waits for. */
function waitingFor({ said }: Telling): (news: StartNews) => void {
  return (news) => said(startNewsText(en, news));
}

/**
 * Walks a runbook in rehearsal without a terminal, taking every suggested answer.
 *
 * @param secrets where secrets are to be read from; what they do not name is the rehearsal's own
 * @returns the exit code of the run
 * @throws Problem `auto-only-in-rehearsal` for any other environment: there a person decides
 */
export async function runAuto(spec: RunSpec, secrets: SecretOptions, telling: Telling): Promise<number> {
  if (spec.environment !== REHEARSAL) {
    throw new Problem(
      {
        code: 'auto-only-in-rehearsal',
        what: `--auto answers every question by itself; it is for the rehearsal, not for ${spec.environment}.`,
        means: 'Nothing was started.',
        next: [
          `tejun run ${spec.runbook} --env rehearsal --auto`,
          `leave --auto out, and answer by flags: tejun run ${spec.runbook} --env ${spec.environment} --help`,
          `or walk it in a terminal: tejun ${spec.runbook} --env ${spec.environment}`,
        ],
      },
      EXIT.usage,
    );
  }
  const given = await readGivenSecrets(secrets, () => loadRunbook(spec.runbook), process, telling.said);
  const decide = ({ plan, state }: Session, offers: Offers) => autoIntent(plan, state, offers);
  return withKeyOpen(process.env, { from: secrets.passphraseFrom }, async () => {
    const { screen } = await launchEngine(spec, waitingFor(telling));
    return watched(handOver(screen, given), { decide, onRecord: telling.onRecord, leave: 'suspend' }, telling);
  });
}

/**
 * Walks a runbook in any environment, answered by flags and by nothing else.
 *
 * @returns the exit code of the run
 * @throws Problem before anything is started (`EXIT.usage`) for answers that fit no question, and for a question that is
 *   decided beforehand and has no answer; on the way (`EXIT.suspended`, or that of the failure) for one that nobody
 *   answered: the run can be resumed then
 */
export async function runByFlags(
  spec: RunSpec,
  answers: Answers,
  secrets: SecretOptions,
  telling: Telling,
): Promise<number> {
  const { environment, flow, section, values } = spec;
  const runbook = await loadRunbook(spec.runbook);
  const plan = buildPlan(runbook, {
    ...{ environment, flow, values, tasks: taskFor, taskNames: TASK_NAMES },
    ...(section === undefined ? {} : { section }),
  });
  refuseStray(answers, plan);
  const given = await readGivenSecrets(secrets, async () => runbook, process, telling.said);
  const unanswered = missingBefore(plan, answers, namesOf(given));
  if (unanswered.length > 0) {
    const shows = `tejun plan ${spec.runbook} --env ${environment} shows what would run`;
    throw missingProblem(unanswered, [shows], EXIT.usage);
  }
  const driver = { decide: byFlags(answers, telling), onRecord: telling.onRecord, leave: 'suspend' } as const;
  return withKeyOpen(process.env, { from: secrets.passphraseFrom }, async () => {
    const { screen } = await launchEngine(spec, waitingFor(telling));
    return watched(handOver(screen, given), driver, telling);
  });
}

/** Goes on with a run that is not finished, as `runByFlags` does. An engine that waits already is not ended. */
export async function resumeByFlags(
  run: string,
  answers: Answers,
  secrets: SecretOptions,
  telling: Telling,
): Promise<number> {
  const load = () => loadRunbook(runbookOfRun(process.env, run));
  const given = await readGivenSecrets(secrets, load, process, telling.said);
  const driver = { decide: byFlags(answers, telling), onRecord: telling.onRecord };
  return withKeyOpen(process.env, { from: secrets.passphraseFrom }, async () => {
    const { screen, started } = await resumeRun(process.env, run, waitingFor(telling));
    return watched(handOver(screen, given), { ...driver, leave: started ? 'suspend' : 'detach' }, telling);
  });
}

function namesOf(given: GivenSecrets | undefined): string[] {
  return (given?.secrets ?? []).flatMap(({ secret, environment }) => (environment === undefined ? [secret.name] : []));
}

function refuseStray(answers: Answers, plan: Session['plan']): void {
  const stray = strayAnswers(answers, plan);
  if (stray.length > 0) throw missingProblem(stray, [], EXIT.usage);
}

function byFlags(answers: Answers, { said }: Telling): Driver['decide'] {
  const retried = new Set<string>();
  let [checked, waits] = [false, false];
  return ({ run, plan, state }, offers): Intent | undefined => {
    if (!checked) refuseStray(answers, plan);
    checked = true;
    const answer = answerByFlags(plan, state, answers, { offers, retried });
    if (!answer && !waits && nextQuestion(plan, state)?.kind === 'guard') {
      waits = true;
      said(`Waiting for a second person. On this host: tejun approve ${run}`);
      said(`Elsewhere: tejun approve ${run} --request ask.json, and with what comes back --give approval.json`);
    }
    if (!answer) return undefined;
    if ('missing' in answer) throw missingProblem([answer.missing], howToGoOn(run, plan), answer.exit);
    const { intent } = answer;
    if (intent.kind === 'run') for (const id of intent.steps) if (answers.retry.has(id)) retried.add(id);
    return intent;
  };
}

function howToGoOn(run: string, { environment }: Session['plan']): string[] {
  if (environment.rehearsal) return ['a rehearsal ends with its program: start it again with the flag'];
  return [`give the flag to: tejun resume ${run}`, `or go on in a terminal: tejun resume ${run}`];
}

/** Drives a run; the first Ctrl-C leaves it after the running step, a second one stops that step. */
async function watched(screen: ScreenEnd, driver: Omit<Driver, 'onWarning'>, { said }: Telling): Promise<number> {
  let interrupts = 0;
  const interrupt = () => {
    interrupts += 1;
    if (interrupts > 1) return screen.send({ kind: 'stop', how: 'now' });
    said('The running step may end; no other is started. Ctrl-C again stops it now.');
    screen.send({ kind: 'suspend' });
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await drive(screen, { ...driver, onWarning: (problem) => said(formatProblem(problem)) });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
