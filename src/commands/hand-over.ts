import type { Plan } from '../engine/plan.ts';
import type { EngineMessage, ScreenEnd } from '../link/messages.ts';
import type { GivenSecret, GivenSecrets } from './given-secrets.ts';

/**
 * A link over which the secrets that the command line named go to the engine before anybody is asked for them. Whoever
 * uses the link, with a screen or without, hears that it has caught up when the engine has answered to each; a secret
 * that it does not take comes as `refused`, as if it had been typed. The values are overwritten once they are sent.
 */
export function handOver(screen: ScreenEnd, given: GivenSecrets | undefined): ScreenEnd {
  if (!given) return screen;
  const { runbook, secrets } = given;
  let plan: Plan | undefined;
  const unanswered = new Set<string>();

  function send(): void {
    // What is only compared with goes first, so that it is there when its counterpart comes.
    for (const { secret, source, environment } of secrets.toSorted(comparedFirst)) {
      const wanted = plan?.runbook.digest === runbook && plan.secrets.some(({ name }) => name === secret.name);
      if (!wanted || secret.wiped) continue;
      const bytes = secret.use((value) => value.toString('base64'));
      const other = environment === undefined ? {} : { environment };
      screen.send({ kind: 'secret', name: secret.name, source, bytes, ...other });
      if (environment === undefined) unanswered.add(secret.name);
      secret.wipe();
    }
  }

  function hear(message: EngineMessage, tell: (message: EngineMessage) => void): void {
    if (message.kind === 'hello') plan = message.plan;
    if (message.kind === 'caught-up') {
      send();
      if (unanswered.size > 0) return;
    }
    const waited = unanswered.size > 0;
    if (message.kind === 'record' && message.record.type === 'secret.set') unanswered.delete(message.record.name);
    // What one refusal stands for cannot be told apart: whatever is not set then is asked for.
    if (message.kind === 'refused') unanswered.clear();
    const answered = waited && unanswered.size === 0;
    if (answered && message.kind === 'refused') tell({ kind: 'caught-up' });
    tell(message);
    if (answered && message.kind !== 'refused') tell({ kind: 'caught-up' });
  }

  return { ...screen, onMessage: (listener) => screen.onMessage((message) => hear(message, listener)) };
}

function comparedFirst(one: GivenSecret, other: GivenSecret): number {
  return Number(one.environment === undefined) - Number(other.environment === undefined);
}
