/** What an engine waits for while it starts; whoever watches tells it in his own language. */
export type StartNews =
  /** The platform of a rehearsal; with the app that stands on it already. */
  | { kind: 'platform'; app?: string }
  /** The engine that holds the lock was asked to end after its running step. */
  | { kind: 'asked-to-yield'; operator: string; run: string }
  /** It does not answer, and is ended. */
  | { kind: 'silent'; operator: string; run: string };
