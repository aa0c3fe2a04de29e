import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAgentKeys, signWithAgent } from '../../src/journal/ssh-agent.ts';
import { keyType, verifySsh } from '../../src/journal/ssh-key.ts';
import { packString } from '../../src/journal/ssh-wire.ts';
import { scratch } from './a-journal.ts';
import { type Agent, makeKey, run, startAgent } from './openssh.ts';

let dir: ReturnType<typeof scratch>;
let agent: Agent;
beforeEach(async () => {
  dir = scratch();
  agent = await startAgent(dir.path);
});
afterEach(async () => {
  await agent.stop();
  dir.remove();
});

const DATA = Buffer.from('what is to be signed');

describe('a real ssh-agent', () => {
  it.each([
    ['ed25519', 'ssh-ed25519', undefined],
    ['rsa', 'ssh-rsa', 2048],
    ['ecdsa', 'ecdsa-sha2-nistp256', 256],
  ] as const)('lists an %s key and signs with it', async (type, name, bits) => {
    agent.add(makeKey(join(dir.path, type), type, bits === undefined ? {} : { bits }));
    const [key] = await listAgentKeys(agent.socket);
    expect(keyType(key?.blob ?? DATA)).toBe(name);
    expect(key?.comment).toBe(`alice-${type}`);
    const signature = await signWithAgent(agent.socket, key?.blob ?? DATA, DATA);
    expect(verifySsh(key?.blob ?? DATA, DATA, signature)).toBe(true);
    if (type === 'rsa') expect(keyType(signature)).toBe('rsa-sha2-512');
  });

  it('that has no key lists none', async () => {
    expect(await listAgentKeys(agent.socket)).toEqual([]);
  });

  it('that no longer has the key refuses at once', async () => {
    agent.add(makeKey(join(dir.path, 'gone'), 'ed25519'));
    const [key] = await listAgentKeys(agent.socket);
    run('ssh-add', ['-q', '-D'], { SSH_AUTH_SOCK: agent.socket });
    await expect(signWithAgent(agent.socket, key?.blob ?? DATA, DATA)).rejects.toThrow('the agent refused');
  });

  it('that asks for a confirmation nobody can give refuses', async () => {
    agent.add('-c', makeKey(join(dir.path, 'confirm'), 'ed25519'));
    const [key] = await listAgentKeys(agent.socket);
    await expect(signWithAgent(agent.socket, key?.blob ?? DATA, DATA)).rejects.toThrow('the agent refused');
  });

  it('that is frozen is given up after a while', async () => {
    process.kill(agent.pid, 'SIGSTOP');
    const asked = performance.now();
    await expect(listAgentKeys(agent.socket, 150)).rejects.toMatchObject({ slow: true });
    await expect(signWithAgent(agent.socket, DATA, DATA, 150)).rejects.toMatchObject({ slow: true });
    expect(performance.now() - asked).toBeLessThan(1500);
  });
});

describe('what is no agent', () => {
  it('cannot be reached', async () => {
    await expect(listAgentKeys(join(dir.path, 'nothing'))).rejects.toThrow('cannot be reached (ENOENT)');
  });

  it.each([
    ['hangs up', ''],
    ['says that its answer is endless', 'ffffffff0c'],
    ['gives an empty answer', '00000000'],
    ['announces more keys than it lists', '000000050cffffffff'],
    ['answers another question', '000000010e'],
  ])('is told from one when it %s', async (_, hex) => {
    const path = join(dir.path, 'fake');
    const server: Server = createServer((socket) => {
      socket.on('error', () => {}).resume();
      socket.end(Buffer.from(hex, 'hex'));
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(listAgentKeys(path, 1000)).rejects.toThrow('the agent');
    await new Promise((resolve) => server.close(resolve));
  });

  it('may answer byte by byte', async () => {
    const path = join(dir.path, 'slow');
    const answer = packString(
      Buffer.concat([Buffer.from([12, 0, 0, 0, 1]), packString('key'), packString('a comment')]),
    );
    const server: Server = createServer(async (socket) => {
      socket.resume();
      for (const byte of answer) {
        socket.write(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(await listAgentKeys(path)).toEqual([{ blob: Buffer.from('key'), comment: 'a comment' }]);
    await new Promise((resolve) => server.close(resolve));
  });
});
