import { once } from 'node:events';
import { type AddressInfo, createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pingCache } from '../../src/rehearsal/booking/cache.ts';
import { createRedisStandIn } from '../../src/rehearsal/redis-stand-in.ts';

const server = createRedisStandIn('secret-word');
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

/** Sends commands after AUTH, and gives the replies as they come over the wire. */
async function talk(commands: readonly (readonly string[])[], password = 'secret-word'): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port });
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  for (const words of [['AUTH', password], ...commands]) {
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    await sleep(15);
  }
  socket.destroy();
  return said.replace('+OK\r\n', '');
}

test.each([
  [[['PING']], '+PONG\r\n'],
  [[['GET', 'none']], '$-1\r\n'],
  [
    [
      ['SET', 'a', 'ñ'],
      ['GET', 'a'],
    ],
    '+OK\r\n$2\r\nñ\r\n',
  ],
  [
    [
      ['SET', 'b', '1', 'NX', 'PX', '10000'],
      ['SET', 'b', '2', 'NX'],
      ['GET', 'b'],
    ],
    '+OK\r\n$-1\r\n$1\r\n1\r\n',
  ],
  [
    [
      ['SET', 'c', '1', 'PX', '1'],
      ['GET', 'c'],
    ],
    '+OK\r\n$-1\r\n',
  ],
  [
    [
      ['SET', 'd', '1'],
      ['DEL', 'd', 'none'],
      ['GET', 'd'],
    ],
    '+OK\r\n:1\r\n$-1\r\n',
  ],
  [[['GET']], "-ERR wrong number of arguments for 'get' command\r\n"],
  [[['SET', 'a', '1', 'XX']], '-ERR syntax error\r\n'],
  [[['FLUSHALL']], "-ERR unknown command 'FLUSHALL', with args beginning with: \r\n"],
])('%j is answered with %j', async (commands, replies) => {
  expect(await talk(commands)).toBe(replies);
});

test('nothing without the password', async () => {
  expect(await talk([['PING']], 'wrong')).toMatch(/^-WRONGPASS .*\r\n-NOAUTH Authentication required\.\r\n$/);
});

test('the service pings it with a password, and says what it was refused for', async () => {
  await expect(pingCache(new URL(`redis://default:secret-word@127.0.0.1:${port}`))).resolves.toBeUndefined();
  await expect(pingCache(new URL(`redis://127.0.0.1:${port}`))).rejects.toThrow('NOAUTH');
  await expect(pingCache(new URL('redis://127.0.0.1:1'))).rejects.toThrow('ECONNREFUSED');
});
