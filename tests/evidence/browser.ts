/** The system's Chromium without a screen, told what to do by the DevTools protocol. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Page {
  /** Loads an address at a width of so many CSS pixels. */
  open(address: string, width: number): Promise<void>;
  evaluate<T>(expression: string): Promise<T>;
  /** The page as a PDF, base64. */
  print(): Promise<string>;
  /** Addresses that pages asked for so far. */
  requested: readonly string[];
  close(): Promise<void>;
}

export async function startBrowser(): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'tejun-chromium-'));
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'];
  const child = spawn('chromium', [...args, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  const port = await debuggingPort(child.stderr);
  const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Record<string, string>[];
  const socket = new WebSocket(pages.find(({ type }) => type === 'page')?.['webSocketDebuggerUrl'] ?? '');
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));

  const requested: string[] = [];
  const waiting = new Map<number, (result: never) => void>();
  let loaded = () => {};
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result, method, params } = JSON.parse(String(data));
    if (id !== undefined) waiting.get(id)?.(result as never);
    if (method === 'Network.requestWillBeSent') requested.push(params.request.url);
    if (method === 'Page.loadEventFired') loaded();
  });
  const call = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve) => {
      waiting.set(++last, resolve as (result: never) => void);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await Promise.all(['Page.enable', 'Network.enable', 'Runtime.enable'].map((method) => call(method)));
  return {
    requested,
    open: async (url, width) => {
      await call('Emulation.setDeviceMetricsOverride', {
        width,
        height: 800,
        deviceScaleFactor: 1,
        mobile: width < 600,
      });
      const load = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await call('Page.navigate', { url });
      await load;
    },
    evaluate: async <T>(expression: string) => {
      const { result } = await call<{ result: { value: T } }>('Runtime.evaluate', { expression, returnByValue: true });
      return result.value;
    },
    print: async () => (await call<{ data: string }>('Page.printToPDF')).data,
    close: async () => {
      socket.close();
      child.kill('SIGTERM');
      await gone;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function debuggingPort(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error('chromium did not start');
}
