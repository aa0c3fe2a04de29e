import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EngineEnd, EngineMessage, Intent } from '../../src/link/messages.ts';
import { attachScreen, listenForScreens } from '../../src/link/socket.ts';
import { ALICE } from './visitors.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-link-'));
  path = join(directory, 'run.sock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function until<T>(find: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it never came');
}

describe('the link over a Unix socket', () => {
  test('is for its owner only', async () => {
    const stop = await listenForScreens(path, () => {});
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await stop();
    expect(existsSync(path)).toBe(false);
  });

  test('carries messages one way and intents the other, in order, whatever their text', async () => {
    const intents: Intent[] = [];
    let engine: EngineEnd | undefined;
    const stop = await listenForScreens(path, (end) => {
      engine = end;
      end.onIntent((intent) => intents.push(intent));
    });
    const screen = await attachScreen(path, ALICE);
    const heard: EngineMessage[] = [];
    screen.onMessage((message) => heard.push(message));
    const end = await until(() => engine);
    const texts = ['手順', 'a\nb', '\u2028', 'x'.repeat(300_000)];
    for (const text of texts) end.send({ kind: 'line', step: 's', text });
    for (const text of texts) screen.send({ kind: 'note', text });
    await until(() => (heard.length === texts.length && intents.length === texts.length ? true : undefined));
    expect(heard).toEqual(texts.map((text) => ({ kind: 'line', step: 's', text })));
    expect(intents).toEqual(texts.map((text) => ({ kind: 'note', text })));
    screen.close();
    await stop();
  });

  test('a screen that goes is noticed, and one that talks nonsense is shown out', async () => {
    let gone = 0;
    const stop = await listenForScreens(path, (end) => {
      end.onIntent(() => {});
      end.onClose(() => {
        gone += 1;
      });
    });
    const screen = await attachScreen(path, ALICE);
    screen.close();
    await until(() => (gone === 1 ? true : undefined));
    for (const nonsense of ['GET / HTTP/1.1\r\n\r\n', '{"kind":"suspend"}\n', 'null\n']) {
      const stranger = createConnection(path);
      stranger.on('error', () => {});
      stranger.write(nonsense);
      await once(stranger, 'close');
    }
    expect(gone).toBe(1);
    await stop();
  });

  test('a socket that nobody serves is an engine that is gone', async () => {
    await expect(attachScreen(path, ALICE)).rejects.toMatchObject({ code: 'engine-gone', exit: 6 });
  });

  test('the end of the engine is the end of the screens’ link', async () => {
    const stop = await listenForScreens(path, () => {});
    const screen = await attachScreen(path, ALICE);
    let closed = false;
    screen.onMessage(() => {});
    screen.onClose(() => {
      closed = true;
    });
    await stop();
    await until(() => (closed ? true : undefined));
  });
});
