import type { EngineMessage } from '../src/link/messages.ts';
import { EXIT, type WrittenProblem } from '../src/problem.ts';
import { beginToLook } from './moves/incident.ts';
import { standing } from './moves/step.ts';
import { route } from './route.ts';
import { receive, type Session } from './session.ts';
import { type Effect, type Model, stillAsked, type UiState } from './ui-state.ts';
import { legsOf, reachedLeg } from './walk.ts';

/** A model, and what the world has to do because of it. */
export interface Reaction {
  model: Model;
  effects: readonly Effect[];
}

/** Refusals that the operator may answer with the id of the run that holds the lock. */
const TAKEN: ReadonlySet<string> = new Set(['lock-held', 'lock-not-typed']);

/** The model after a message of the engine. Pure. */
export function hear(model: Model, message: EngineMessage): Reaction {
  const session = receive(model.session, message);
  if (!session) return { model, effects: [] };
  const { asked, ...rest } = model.ui;
  const awaited = stillAsked(asked, session);
  let ui: UiState = awaited ? { ...rest, asked: awaited } : rest;
  const answered = message.kind === 'refused' || (message.kind === 'record' && message.record.type === 'secret.set');
  if (answered && ui.secret.sent) {
    const { sent: _, ...secret } = ui.secret;
    ui = { ...ui, secret };
  }
  // From here on only the operator moves: a finished stage stays on the screen until Enter.
  if (message.kind === 'caught-up')
    ui = { ...arrive(ui, session), leg: reachedLeg(legsOf(session.plan), session.state) };
  // The secrets screen shows a refusal beside its field.
  if (message.kind === 'refused' && TAKEN.has(message.problem.code)) {
    ui = { ...ui, overlay: { kind: 'takeOver', problem: message.problem, field: { text: '' } } };
  } else if (message.kind === 'refused' && route(ui, session).screen !== 'secrets') {
    ui = { ...ui, overlay: { kind: 'problem', problems: [message.problem], scroll: 0 } };
  }
  if (message.kind === 'warning') {
    ui = { ...ui, overlay: { kind: 'problem', problems: [message.problem], scroll: 0, warning: true } };
  }
  if (message.kind === 'trouble') {
    const problem = { ...message.problem, next: [...message.unsaved, ...(message.problem.next ?? [])] };
    const exit = message.unsaved.length > 0 ? { exit: EXIT.journal } : {};
    ui = { ...ui, overlay: { kind: 'problem', problems: [problem], scroll: 0, ...exit } };
  }
  // A suspended run has nothing more to show; a sealed one has its last screen.
  const left = message.kind === 'bye' && !session.state.seal && !session.trouble?.unsaved.length;
  return {
    model: { ...model, ui, session },
    effects: left ? [{ kind: 'exit', exit: message.exit }] : [],
  };
}

/** What follows by itself, after everything that happens: options are asked for, and an incident looks. Pure. */
export function followUp(model: Model): Reaction {
  const look = beginToLook(model);
  return look ? { model: { ...model, ui: look.ui }, effects: look.effects } : askForOptions(model);
}

/** Asks for the options of the rollback step that has come up, once. */
function askForOptions(model: Model): Reaction {
  const { ui, session } = model;
  const at = session && !ui.watching && route(ui, session).screen === 'rollback' ? standing(model) : undefined;
  const id = at?.next?.id;
  if (!session || id === undefined || at?.state === 'busy' || ui.choosing === id || session.choices[id] !== undefined) {
    return { model, effects: [] };
  }
  return {
    model: { ...model, ui: { ...ui, choosing: id } },
    effects: [{ kind: 'intent', intent: { kind: 'choose', step: id } }],
  };
}

/** The link ended without a farewell: the engine is gone, and only `tejun resume` can go on. */
export function lose(model: Model, problem: WrittenProblem): Model {
  const { session } = model;
  if (!session || session.exit !== undefined) return model;
  return {
    ...model,
    session: { ...session, lost: true },
    ui: { ...model.ui, overlay: { kind: 'problem', problems: [problem], scroll: 0, exit: EXIT.suspended } },
  };
}

/** Who comes back is told first what happened since the last screens went; a run that only waited has nothing to tell. */
function arrive(ui: UiState, { records }: Session): UiState {
  const left = records.findLastIndex((record) => record.type === 'screens' && record.state === 'lost');
  if (ui.watching || left < 0) return ui;
  const happened = records.slice(left).some(({ type }) => type === 'step.result' || type === 'resumed');
  return happened ? { ...ui, overlay: { kind: 'timeline', scroll: 0, since: left } } : ui;
}
