import type { SecretFormat, SecretSpec } from '../../src/runbook/types.ts';
import { route } from '../route.ts';
import { type Model, turn, type UiState } from '../ui-state.ts';
import { secretsToAsk } from '../walk.ts';
import { previousLeg } from './legs.ts';
import type { Moves } from './moves.ts';

/** The secret that the field is for; undefined when none is asked for. */
export function askedSecret({ ui, session }: Model): SecretSpec | undefined {
  const at = route(ui, session);
  if (!session || at.screen !== 'secrets') return undefined;
  return secretsToAsk(session.plan, at.leg, session.state, ui.secret.leftOut)[0];
}

/** Whether a secret may have several lines: only where its pattern speaks of line ends, as one for a PEM key does. */
export function allowsLines(format: SecretFormat | undefined): boolean {
  return format?.pattern !== undefined && /\\n|\\r|\\s\\S|-----BEGIN/.test(format.pattern);
}

const emptied = (ui: UiState, leftOut = ui.secret.leftOut): UiState => ({
  ...ui,
  tooEarly: false,
  secret: { entered: false, leftOut },
});

const sent = (ui: UiState): UiState => {
  const empty = emptied(ui);
  return { ...empty, secret: { ...empty.secret, sent: true } };
};

export const secrets: Moves = {
  keys(model) {
    const spec = askedSecret(model);
    if (!spec) return [];
    const { entered, sent } = model.ui.secret;
    if (sent) return ['back', 'askQuit'];
    const rehearsal = model.session?.plan.environment.rehearsal === true;
    return [
      ...(entered ? (['takeSecret', 'clear'] as const) : rehearsal ? (['rehearsalValue'] as const) : []),
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
        return turn(sent(ui), { kind: 'secret', do: 'send', name: spec.name });
      case 'rehearsalValue':
        return turn(sent(ui), { kind: 'intent', intent: { kind: 'secret', name: spec.name, source: 'rehearsal' } });
      case 'leaveOut':
        return turn(emptied(ui, [...ui.secret.leftOut, spec.name]), { kind: 'secret', do: 'clear' });
      case 'clear':
        return turn(
          { ...emptied(ui), secret: { ...emptied(ui).secret, notice: 'cleared' } },
          { kind: 'secret', do: 'clear' },
        );
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
    const text = typed.text.replace(/\n+$/, '');
    const dropped = text.length < typed.text.length;
    const inner = text.includes('\n');
    const refused =
      inner && !allowsLines(spec.format)
        ? 'lines-refused'
        : /[^\P{Cc}\n\t]/u.test(text)
          ? 'control-refused'
          : undefined;
    if (refused) return turn({ ...ui, secret: { ...ui.secret, notice: refused } });
    if (text === '') return undefined;
    const { notice: _, ...rest } = ui.secret;
    const secret = { ...rest, entered: true, ...(dropped ? { notice: 'newline-dropped' as const } : {}) };
    return turn({ ...ui, secret }, { kind: 'secret', do: 'append', text });
  },
};
