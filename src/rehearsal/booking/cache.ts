import { createConnection } from 'node:net';

const TIMEOUT_MS = 1500;

/** Asks Redis whether it is there (AUTH, then PING); rejects with what it said, or that it said nothing in time. */
export function pingCache(url: URL): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ host: url.hostname, port: Number(url.port || 6379) });
  const password = decodeURIComponent(url.password);
  const user = decodeURIComponent(url.username);
  let answer = '';
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
  socket.on('connect', () => {
    if (password) socket.write(encode(user ? ['AUTH', user, password] : ['AUTH', password]));
    socket.write(encode(['PING']));
  });
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('utf8');
    if (/^-/m.test(answer)) socket.destroy(new Error(answer.slice(answer.indexOf('-') + 1).split('\r\n')[0]));
    else if (answer.includes('+PONG\r\n')) socket.end();
  });
  socket.on('error', reject);
  socket.on('close', () => (answer.includes('+PONG') ? resolve() : reject(new Error('connection closed'))));
  return promise;
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
