import { yieldedBy } from '../../src/engine/walk.ts';
import type { SecretFormat, SecretSpec } from '../../src/runbook/types.ts';
import { route } from '../route.ts';
import { type Model, type SecretNotice, turn, type UiState } from '../ui-state.ts';
import { secretsToAsk } from '../walk.ts';
import { previousLeg } from './legs.ts';
import type { Moves } from './moves.ts';

/** The secret that the field is for; undefined when none is asked for. */
export function askedSecret({ ui, session }: Model): SecretSpec | undefined {
  const at = route(ui, session);
  if (!session || at.screen !== 'secrets') return undefined;
  return secretsToAsk(session.plan, at.leg, session.state, ui.secret.leftOut)[0];
}

/** What the operator is asked: the runbook's question, and why it comes when a step was to yield the secret. */
export function questionFor({ messages, session }: Model, spec: SecretSpec): string {
  const step = session && yieldedBy(session.plan, spec);
  if (step === undefined) return spec.ask;
  const asked = spec.ask === spec.name ? '' : `${messages.gap}${spec.ask}`;
  return `${messages.secrets.yielded(step)}${asked}`;
}

/**
 * Whether a secret is to be entered again: typed by hand, and of a format in which a slip of a finger would not show. What is
 * pasted is not asked for twice: it would be the same clipboard.
 */
function asksAgain({ ui }: Model, format: SecretFormat = {}): boolean {
  const { url, base64, hex, pattern } = format;
  const checked = [url, base64, hex, pattern].some((rule) => rule !== undefined);
  return ui.secret.byHand === true && ui.secret.again !== true && !checked;
}

/** The field without anything in it, as it was before; `notice` says why. */
export function emptied(ui: UiState, notice?: SecretNotice, leftOut = ui.secret.leftOut): UiState {
  return { ...ui, tooEarly: false, secret: { entered: false, leftOut, ...(notice ? { notice } : {}) } };
}

const sent = (ui: UiState): UiState => {
  const empty = emptied(ui);
  return { ...empty, secret: { ...empty.secret, sent: true } };
};

/** What Enter does, or what has to be done first. */
export function whatNow(model: Model): string {
  const { messages, ui } = model;
  const said = messages.secrets;
  const { entered, again } = ui.secret;
  if (entered) return said.enterTakes;
  if (again) return said.again;
  return hasRehearsalValue(model) ? said.enterTakesRehearsal : said.mustEnter;
}

/** What a step was to yield has no value that the rehearsal could know before. */
function hasRehearsalValue(model: Model): boolean {
  return model.session?.plan.environment.rehearsal === true && askedSecret(model)?.from === undefined;
}

export const secrets: Moves = {
  keys(model) {
    const spec = askedSecret(model);
    if (!spec) return [];
    const { entered, again, sent } = model.ui.secret;
    if (sent) return ['back', 'askQuit'];
    return [
      ...(entered ? (['takeSecret', 'clear'] as const) : again ? (['clear'] as const) : []),
      ...(hasRehearsalValue(model) && !entered && !again ? (['rehearsalValue'] as const) : []),
      ...(spec.optional ? (['leaveOut'] as const) : []),
      'back',
      'askQuit',
    ];
  },
  act(model, action) {
    const { ui } = model;
    const spec = askedSecret(model);
    if (!spec) return undefined;
    switch (action) {
      case 'takeSecret':
        if (asksAgain(model, spec.format)) {
          const empty = emptied(ui);
          return turn({ ...empty, secret: { ...empty.secret, again: true } }, { kind: 'secret', do: 'hold' });
        }
        return turn(sent(ui), { kind: 'secret', do: 'send', name: spec.name });
      case 'rehearsalValue':
        return turn(sent(ui), { kind: 'intent', intent: { kind: 'secret', name: spec.name, source: 'rehearsal' } });
      case 'leaveOut':
        return turn(emptied(ui, undefined, [...ui.secret.leftOut, spec.name]), { kind: 'secret', do: 'clear' });
      case 'clear':
        return turn(emptied(ui, 'cleared'), { kind: 'secret', do: 'clear' });
      case 'back': {
        const before = previousLeg({ ...model, ui: emptied(ui) });
        return before && { ...before, effects: [{ kind: 'secret', do: 'clear' }] };
      }
      default:
        return undefined;
    }
  },
  type(model, typed) {
    const { ui } = model;
    const spec = askedSecret(model);
    if (!spec) return undefined;
    if (ui.secret.sent) return turn({ ...ui, secret: { ...ui.secret, notice: 'too-early' } });
    if (typed.kind === 'backspace') return turn(ui, { kind: 'secret', do: 'backspace' });
    if (typed.kind === 'paste' && typed.cut) return turn(emptied(ui, 'paste-cut'), { kind: 'secret', do: 'clear' });
    const text = typed.text.replace(/\n+$/, '');
    const dropped = text.length < typed.text.length;
    const inner = text.includes('\n');
    const refused =
      inner && spec.format?.multiline !== true
        ? 'lines-refused'
        : /[^\P{Cc}\n\t]/u.test(text)
          ? 'control-refused'
          : undefined;
    if (refused) return turn({ ...ui, secret: { ...ui.secret, notice: refused } });
    if (text === '') return undefined;
    const { notice: _, ...rest } = ui.secret;
    const byHand = typed.kind === 'text' ? { byHand: true } : {};
    const secret = { ...rest, ...byHand, entered: true, ...(dropped ? { notice: 'newline-dropped' as const } : {}) };
    return turn({ ...ui, secret }, { kind: 'secret', do: 'append', text });
  },
};
