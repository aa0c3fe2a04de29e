import { Mailbox } from './mailbox.ts';
import type { EngineEnd, EngineMessage, Intent, ScreenEnd, Visitor } from './messages.ts';

/** A link inside one process, for tests and for front ends that run beside the engine. Delivery is asynchronous, as on a socket. */
export function memoryLink(visitor: Visitor): { engine: EngineEnd; screen: ScreenEnd } {
  const toScreen = new Mailbox<EngineMessage>();
  const toEngine = new Mailbox<Intent>();
  const closers: (() => void)[] = [];
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    queueMicrotask(() => {
      for (const listener of closers) listener();
    });
  };
  return {
    engine: {
      visitor,
      send: (message) => {
        if (!closed) toScreen.put(message);
      },
      onIntent: (listener) => toEngine.listen(listener),
      onClose: (listener) => void closers.push(listener),
      close,
    },
    screen: {
      send: (intent) => {
        if (!closed) toEngine.put(intent);
      },
      onMessage: (listener) => toScreen.listen(listener),
      onClose: (listener) => void closers.push(listener),
      close,
    },
  };
}
