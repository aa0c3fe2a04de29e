import type { Visitor } from '../../src/link/messages.ts';

/** An operator at the engine's own host. */
export const ALICE: Visitor = { role: 'operator', person: { name: 'alice@ops', host: 'ops' } };
