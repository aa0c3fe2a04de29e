import { createServer, type Server, type Socket } from 'node:net';

/**
 * A Redis that knows AUTH, PING, SET (NX, PX), GET and DEL, for a machine without `redis-server`. It refuses the rest
 * with the real server's texts.
 */
export function createRedisStandIn(password: string): Server {
  const values = new Map<string, { value: string; until: number }>();
  return createServer((socket) => {
    let allowed = false;
    let pending: Buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      for (let read = readCommand(pending); read; read = readCommand(pending)) {
        pending = pending.subarray(read.length);
        const [name = '', ...args] = read.words;
        if (name.toUpperCase() === 'AUTH') {
          allowed = args.at(-1) === password;
          socket.write(allowed ? '+OK\r\n' : '-WRONGPASS invalid username-password pair or user is disabled.\r\n');
        } else if (allowed) answer(socket, values, name, args);
        else socket.write('-NOAUTH Authentication required.\r\n');
      }
    });
  });
}

type Values = Map<string, { value: string; until: number }>;

function answer(socket: Socket, values: Values, name: string, args: readonly string[]): void {
  const [key = '', value = '', ...options] = args;
  const found = values.get(key);
  const live = found && found.until > Date.now() ? found : undefined;
  const arity = { PING: [0, 1], GET: [1, 1], DEL: [1, Infinity], SET: [2, 5] }[name.toUpperCase()];
  if (arity && (args.length < (arity[0] ?? 0) || args.length > (arity[1] ?? 0))) {
    socket.write(`-ERR wrong number of arguments for '${name.toLowerCase()}' command\r\n`);
    return;
  }
  switch (name.toUpperCase()) {
    case 'PING':
      socket.write(args.length === 0 ? '+PONG\r\n' : bulk(key));
      return;
    case 'GET':
      socket.write(live ? bulk(live.value) : '$-1\r\n');
      return;
    case 'DEL':
      socket.write(`:${args.filter((one) => values.delete(one)).length}\r\n`);
      return;
    case 'SET': {
      const how = readSetOptions(options);
      if (!how) socket.write('-ERR syntax error\r\n');
      else if (how.onlyNew && live) socket.write('$-1\r\n');
      else {
        values.set(key, { value, until: Date.now() + how.milliseconds });
        socket.write('+OK\r\n');
      }
      return;
    }
    default:
      socket.write(
        `-ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}\r\n`,
      );
  }
}

/** `NX` and `PX milliseconds`, in any order; undefined for anything else. */
function readSetOptions(options: readonly string[]): { onlyNew: boolean; milliseconds: number } | undefined {
  const read = { onlyNew: false, milliseconds: Number.POSITIVE_INFINITY };
  const words = [...options];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.toUpperCase() === 'NX') read.onlyNew = true;
    else if (word.toUpperCase() === 'PX' && /^\d+$/.test(words[0] ?? '')) read.milliseconds = Number(words.shift());
    else return undefined;
  }
  return read;
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** Takes one command off the front of `bytes`: an array of bulk strings, or a line; undefined when it is not whole. */
function readCommand(bytes: Buffer): { words: string[]; length: number } | undefined {
  const end = bytes.indexOf('\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString('utf8');
  if (!head.startsWith('*')) return { words: head.trim().split(/\s+/), length: end + 2 };
  const words: string[] = [];
  let at = end + 2;
  for (let left = Number(head.slice(1)); left > 0; left -= 1) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number(bytes.subarray(at + 1, line).toString('utf8'));
    if (bytes.length < line + 2 + size + 2) return undefined;
    words.push(bytes.subarray(line + 2, line + 2 + size).toString('utf8'));
    at = line + 2 + size + 2;
  }
  return { words, length: at };
}
