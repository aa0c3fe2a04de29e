import type { EngineEnd } from '../link/messages.ts';
import type { Redactor } from '../secrets/redactor.ts';

/**
 * The engine's end of a link behind the redactor: whatever a task reports, offers or fails with is masked before a screen
 * gets it. Records and lines pass as they are, because they were masked before they were written and streamed.
 */
export function redactedEnd(end: EngineEnd, redactor: Pick<Redactor, 'value'>): EngineEnd {
  return {
    ...end,
    send: (message) =>
      end.send(message.kind === 'record' || message.kind === 'line' ? message : redactor.value(message)),
  };
}
