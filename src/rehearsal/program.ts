#!/usr/bin/env node
/**
 * Any program of a rehearsal's platforms (`docker`, `gh`, …): hands its arguments, its environment and its input to the
 * platform, prints what comes back and ends with its exit code. Started as `program NAME ARGUMENTS…` by a script of that name.
 */
import { connect, SOCKET_VARIABLE } from './control.ts';

const [program = '', ...args] = process.argv.slice(2);
const { PATH: _, [SOCKET_VARIABLE]: socketPath, ...env } = process.env;
if (!socketPath) {
  process.stderr.write(`${program}: this is the stand-in of a tejun rehearsal; it works only inside of one\n`);
  process.exit(1);
}

const { promise, resolve } = Promise.withResolvers<number>();
const socket = connect(
  socketPath,
  { kind: 'program', program, args, cwd: process.cwd(), env: env as Record<string, string> },
  (reply) => {
    if ('out64' in reply) process.stdout.write(Buffer.from(reply.out64, 'base64'));
    else if ('err64' in reply) process.stderr.write(Buffer.from(reply.err64, 'base64'));
    else if ('exit' in reply) resolve(reply.exit);
  },
  () => {
    process.stderr.write(`${program}: the rehearsal has ended\n`);
    resolve(1);
  },
);
if (process.stdin.isTTY) socket.write(`${JSON.stringify({ end: true })}\n`);
else {
  process.stdin
    .on('data', (chunk: Buffer) => socket.write(`${JSON.stringify({ stdin: chunk.toString('base64') })}\n`))
    .on('end', () => socket.write(`${JSON.stringify({ end: true })}\n`));
}
// Whoever interrupts the program interrupts what it does: the platform sees the connection close.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await promise;
process.stdin.destroy();
socket.destroy();
