import type { Plan } from '../engine/plan.ts';
import { EMPTY_RUN, fold, type RunState } from '../engine/state.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { Intent, ScreenEnd } from '../link/messages.ts';
import { EXIT, Problem } from '../problem.ts';
import { loadRunbook } from '../runbook/load.ts';
import { REHEARSAL } from '../runbook/types.ts';
import { autoIntent } from './auto.ts';
import { readGivenSecrets, type SecretOptions } from './given-secrets.ts';
import { handOver } from './hand-over.ts';
import { type EngineSpec, launchEngine } from './launch.ts';

/**
 * Walks a runbook in rehearsal without a terminal, taking every suggested answer.
 *
 * @param options where secrets are to be read from; what they do not name is the rehearsal's own
 * @param onRecord is given each record of the journal as it is written
 * @param said is given lines about what is being started
 * @returns the exit code of the run
 * @throws Problem `auto-only-in-rehearsal` for any other environment: there a person decides
 */
export async function runAuto(
  spec: Omit<EngineSpec, 'run'>,
  options: SecretOptions,
  onRecord: (record: JournalRecord) => void,
  said: (line: string) => void,
): Promise<number> {
  if (spec.environment !== REHEARSAL) {
    throw new Problem(
      {
        code: 'auto-only-in-rehearsal',
        what: `--auto answers every question by itself; it is for the rehearsal, not for ${spec.environment}.`,
        means: 'Nothing was started.',
        next: [
          `tejun run ${spec.runbook} --env rehearsal --auto`,
          `or walk it in a terminal: tejun ${spec.runbook} --env ${spec.environment}`,
        ],
      },
      EXIT.usage,
    );
  }
  const given = await readGivenSecrets(options, () => loadRunbook(spec.runbook), process, said);
  const { screen } = await launchEngine(spec, said);
  return walkBy(handOver(screen, given), onRecord);
}

function walkBy(screen: ScreenEnd, onRecord: (record: JournalRecord) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let plan: Plan | undefined;
    let state: RunState = EMPTY_RUN;
    let live = false;
    let asked = '';
    const offered = new Map<string, Record<string, string> | 'none'>();
    let last: Intent | undefined;
    let refused: Problem | undefined;
    const goOn = () => {
      if (!plan || !live) return;
      const intent = autoIntent(plan, state, offered);
      // The same intent is not sent twice for the same state: its effect is still on the way.
      const key = JSON.stringify([intent, fingerprint(state)]);
      if (!intent || key === asked) return;
      asked = key;
      last = intent;
      screen.send(intent);
    };
    screen.onClose(() => reject(engineLost()));
    screen.onMessage((message) => {
      switch (message.kind) {
        case 'hello':
          plan = message.plan;
          return;
        case 'record':
          state = fold(state, message.record);
          onRecord(message.record);
          return goOn();
        case 'caught-up':
          live = true;
          return goOn();
        case 'choice': {
          const { choice, step } = message;
          const option = choice?.options[choice.suggested];
          offered.set(step, choice && option ? { [choice.field]: option.value } : {});
          return goOn();
        }
        case 'refused':
          if (last?.kind === 'choose') {
            offered.set(last.step, 'none');
            return goOn();
          }
          // The run is given up in good order, so that nothing of it stays behind.
          refused = new Problem(message.problem, EXIT.refused);
          return screen.send({ kind: 'suspend' });
        case 'bye':
          screen.close();
          return refused ? reject(refused) : resolve(message.exit);
      }
    });
  });
}

/** What an answer depends on: attempts and outcomes, secrets and the guard; not every record changes it. */
function fingerprint(state: RunState): string {
  const steps = Object.values(state.steps).map(({ status, attempts }) => `${status}${attempts}`);
  return `${steps.join()}|${Object.keys(state.secrets).join()}|${state.guard ? 1 : 0}`;
}

function engineLost(): Problem {
  return new Problem(
    {
      code: 'engine-lost',
      what: 'The engine of this run ended unexpectedly.',
      means: 'Its journal holds everything up to that moment.',
      next: ['tejun runs lists it, with the path of its journal'],
    },
    EXIT.bug,
  );
}
