/** The little of Redis that workers, Beat, `celery inspect` and `redis-cli` need here: one command, one answer. */
import { createConnection } from 'node:net';

const TIMEOUT_MS = 1500;

/** What Redis answered: a text, nothing (nil), or an error of the server. */
export type RedisAnswer = { text: string | undefined } | { error: string };

/**
 * Sends one command to Redis at a port of this machine.
 *
 * @param password sent with AUTH first
 * @throws the system's error when nobody listens
 */
export function askRedis(port: number, password: string | undefined, words: readonly string[]): Promise<RedisAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RedisAnswer>();
  const socket = createConnection({ host: '127.0.0.1', port });
  let answer = '';
  let left = password ? 2 : 1;
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('Connection timed out')));
  socket.on('connect', () => {
    if (password) socket.write(encode(['AUTH', password]));
    socket.write(encode(words));
  });
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('utf8');
    for (let read = readAnswer(answer); read && left > 0; read = readAnswer(answer)) {
      answer = answer.slice(read.length);
      left -= 1;
      if ('error' in read.answer || left === 0) {
        left = 0;
        resolve(read.answer);
        socket.end();
      }
    }
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('Server closed the connection')));
  return promise;
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The first whole answer in `text` and its length; undefined while it is not whole. Bulk strings here are ASCII. */
function readAnswer(text: string): { answer: RedisAnswer; length: number } | undefined {
  const end = text.indexOf('\r\n');
  if (end < 0) return undefined;
  const line = text.slice(1, end);
  const length = end + 2;
  if (text.startsWith('-')) return { answer: { error: line }, length };
  if (!text.startsWith('$')) return { answer: { text: line }, length };
  const size = Number(line);
  if (size < 0) return { answer: { text: undefined }, length };
  return text.length < length + size + 2
    ? undefined
    : { answer: { text: text.slice(length, length + size) }, length: length + size + 2 };
}

/** What a worker answers to `celery inspect`, over keys of the broker: Celery's own broadcast needs more of Redis than is here. */
export const INSPECT_KEY = 'celery-inspect';
export const replyKey = (id: string): string => `celery-reply-${id}`;
/** A number that Beat raises whenever its schedule is due. */
export const DUE_KEY = 'celery-due';

/** Of the broker's URL: port after `route`, and password. */
export function brokerPassword(url: string): string | undefined {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).password) || undefined : undefined;
}
