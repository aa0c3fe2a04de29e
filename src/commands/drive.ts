import { receive, type Session } from '../../screens/session.ts';
import type { RunState } from '../engine/state.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { Intent, ScreenEnd } from '../link/messages.ts';
import { EXIT, Problem, type ProblemDetail } from '../problem.ts';
import type { Offer, Offers } from './offer.ts';

/** Who decides what a run without screens does next, and what becomes of it when nobody does. */
export interface Driver {
  /**
   * The next intent; undefined to wait for the run. Asked once for each state of the run.
   *
   * @throws Problem when there is no answer: the run is left as `leave` says, and the problem is what `drive` rejects with
   */
  decide(session: Session, offers: Offers): Intent | undefined;
  /** Is given each record of the journal as it is written; `live` is false for what was there before. */
  onRecord(record: JournalRecord, live: boolean): void;
  /** Is given what should be known, and stops nothing. */
  onWarning(problem: ProblemDetail): void;
  /** How the run is left without an answer: its engine ends, or goes on waiting for other screens. */
  leave: 'suspend' | 'detach';
}

/**
 * Walks a run without screens, from where it stands to its end.
 *
 * @returns the exit code of the run
 * @throws Problem of the driver; of the engine, when it refused an intent (`EXIT.refused`); engine-lost
 */
export function drive(screen: ScreenEnd, { decide, onRecord, onWarning, leave }: Driver): Promise<number> {
  return new Promise((resolve, reject) => {
    let session: Session | undefined;
    const offers = new Map<string, Offer>();
    let asked = '';
    let choosing: string | undefined;
    let given: unknown;
    const giveUp = (error: unknown) => {
      given = error;
      if (leave === 'suspend') return screen.send({ kind: 'suspend' });
      screen.close();
      reject(error);
    };
    const goOn = () => {
      if (!session?.caughtUp || given !== undefined) return;
      // The same state is not answered twice: the effect of its answer is still on the way.
      const key = `${fingerprint(session.state)}|${offers.size}`;
      if (key === asked) return;
      asked = key;
      try {
        const intent = decide(session, offers);
        if (!intent) return;
        choosing = intent.kind === 'choose' ? intent.step : undefined;
        screen.send(intent);
      } catch (error) {
        giveUp(error);
      }
    };
    screen.onClose(() => reject(given ?? engineLost()));
    screen.onMessage((message) => {
      session = receive(session, message);
      switch (message.kind) {
        case 'record':
          onRecord(message.record, session?.caughtUp === true);
          return goOn();
        case 'caught-up':
          return goOn();
        case 'choice':
          offers.set(message.step, message.choice ?? 'no-choice');
          return goOn();
        case 'refused':
          if (choosing === undefined) return giveUp(new Problem(message.problem, EXIT.refused));
          offers.set(choosing, 'refused');
          return goOn();
        case 'warning':
          return onWarning(message.problem);
        case 'trouble': {
          // Nobody else has these lines: they go with the problem to whoever reads standard error.
          const { problem, unsaved } = message;
          return giveUp(new Problem({ ...problem, next: [...unsaved, ...(problem.next ?? [])] }, EXIT.journal));
        }
        case 'bye':
          screen.close();
          return given === undefined ? resolve(message.exit) : reject(given);
      }
    });
  });
}

/** What an answer depends on: attempts and outcomes, secrets, the guard and the checklist; not every record changes it. */
function fingerprint({ steps, secrets, guard, checklist }: RunState): string {
  const stand = Object.values(steps).map(({ status, attempts }) => `${status}${attempts}`);
  const items = checklist.map(({ state, by }) => `${state}${by ? 1 : 0}`);
  return `${stand.join()}|${Object.keys(secrets).join()}|${guard ? 1 : 0}|${items.join()}`;
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
