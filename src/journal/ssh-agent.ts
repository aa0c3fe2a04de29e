/**
 * A client of the SSH agent (RFC 9987): what keys it has, and a signature by one of them. It never hangs: a frozen
 * agent, or one that waits for a touch that does not come, is given up after a while.
 */
import { connect } from 'node:net';
import { packString, packU32, WireReader } from './ssh-wire.ts';

const LIST = 11;
const LISTED = 12;
const SIGN = 13;
const SIGNED = 14;
/** Ask RSA keys for SHA-512, not SHA-1; other keys ignore it. */
const RSA_SHA2_512 = 4;
/** OpenSSH's own limit for an answer of an agent. */
const LONGEST_ANSWER = 256 * 1024;

/** The agent did not give what it was asked for; `slow` when it did not answer in time. */
export class AgentFault extends Error {
  readonly slow: boolean;
  constructor(message: string, slow = false) {
    super(message);
    this.slow = slow;
  }
}

export interface AgentKey {
  blob: Buffer;
  comment: string;
}

/** The keys of the agent at `socket`, in its order; throws `AgentFault`. */
export async function listAgentKeys(socket: string, timeoutMs = 2_000): Promise<AgentKey[]> {
  const answer = await ask(socket, Buffer.from([LIST]), LISTED, timeoutMs);
  return readAnswer(() =>
    Array.from({ length: answer.u32() }, () => ({ blob: answer.string(), comment: answer.text() })),
  );
}

/** The SSH signature blob of `data` by the key `blob`; throws `AgentFault`. */
export async function signWithAgent(
  socket: string,
  blob: Uint8Array,
  data: Uint8Array,
  timeoutMs = 60_000,
): Promise<Buffer> {
  const question = Buffer.concat([Buffer.from([SIGN]), packString(blob), packString(data), packU32(RSA_SHA2_512)]);
  const answer = await ask(socket, question, SIGNED, timeoutMs);
  return readAnswer(() => answer.string());
}

function readAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new AgentFault('the agent gave an answer that cannot be read');
  }
}

/** One question, one answer, one connection: a reconnected session has another socket, so nothing is kept open. */
function ask(path: string, question: Buffer, expected: number, timeoutMs: number): Promise<WireReader> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let received = Buffer.alloc(0);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const fail = (message: string, slow = false) => settle(() => reject(new AgentFault(message, slow)));
    const timer = setTimeout(() => fail(`the agent did not answer within ${timeoutMs / 1000} s`, true), timeoutMs);
    socket.on('connect', () => socket.write(packString(question)));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      fail(`the agent cannot be reached (${error.code ?? 'error'})`),
    );
    socket.on('close', () => fail('the agent hung up'));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4) return;
      const length = received.readUInt32BE();
      if (length === 0 || length > LONGEST_ANSWER) return fail('the agent gave an answer that cannot be read');
      if (received.length < 4 + length) return;
      if (received[4] !== expected) return fail('the agent refused');
      const body = received.subarray(5, 4 + length);
      settle(() => resolve(new WireReader(body)));
    });
  });
}
