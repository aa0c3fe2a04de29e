import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/problem.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { isRunning, type ProcessIdentity } from '../../src/rehearsal/process-identity.ts';
import { openRehearsal } from '../../src/rehearsal/site.ts';
import { requestOf, sh } from './open.ts';

/** Every process of a rehearsal, by its own record: the platform, PostgreSQL and the machines. */
function processesOf(world: string): ProcessIdentity[] {
  const all = JSON.parse(readFileSync(join(world, 'processes.json'), 'utf8')) as ProcessIdentity[];
  expect(all.map(({ what }) => what)).toEqual(expect.arrayContaining(['platform', 'postgres']));
  return all.filter(isRunning);
}

async function untilGone(world: string, processes: readonly ProcessIdentity[]): Promise<void> {
  for (let tries = 0; tries < 100 && (existsSync(world) || processes.some(isRunning)); tries += 1) await sleep(100);
  expect(processes.filter(isRunning)).toEqual([]);
  expect(existsSync(world)).toBe(false);
}

/** An engine of its own: a process that opens a rehearsal, says where it is, and then only waits. */
async function engine(): Promise<{ world: string; kill: (signal: NodeJS.Signals) => void }> {
  const url = (path: string): string => JSON.stringify(pathToFileURL(join(PROGRAM_ROOT, path)).href);
  const script = `
    import { openRehearsal } from ${url('src/rehearsal/site.ts')};
    import { requestOf } from ${url('tests/rehearsal/open.ts')};
    const site = await openRehearsal(requestOf());
    process.stdout.write(site.world + '\\n');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [world] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { world, kill: (signal) => void child.kill(signal) };
}

test('close leaves no process and no directory', async () => {
  const site = await openRehearsal(requestOf());
  const processes = processesOf(site.world);
  expect(processes.length).toBeGreaterThanOrEqual(4);
  await site.close();
  await site.close();
  expect(processes.filter(isRunning)).toEqual([]);
  expect(existsSync(site.world)).toBe(false);
});

test('an engine that is killed leaves nothing: its pipe to the platform closes', async () => {
  const { world, kill } = await engine();
  const processes = processesOf(world);
  kill('SIGKILL');
  await untilGone(world, processes);
});

test('a platform that is killed is cleaned up by its engine', async () => {
  const site = await openRehearsal(requestOf());
  const processes = processesOf(site.world);
  process.kill(site.platform, 'SIGKILL');
  await untilGone(site.world, processes);
  await site.close();
});

test('when both are killed, the next rehearsal sweeps what they left', async () => {
  const { world, kill } = await engine();
  const processes = processesOf(world);
  const platform = processes.find(({ what }) => what === 'platform');
  kill('SIGSTOP');
  process.kill(platform?.pid ?? 0, 'SIGKILL');
  kill('SIGKILL');
  for (let tries = 0; tries < 50 && platform && isRunning(platform); tries += 1) await sleep(20);
  expect(existsSync(world)).toBe(true);
  expect(processes.filter(isRunning).map(({ what }) => what)).toContain('postgres');
  const next = await openRehearsal(requestOf({ fresh: true }));
  expect(processes.filter(isRunning)).toEqual([]);
  expect(existsSync(world)).toBe(false);
  await next.close();
});

test('two at once do not know of each other', async () => {
  const [one, two] = await Promise.all([openRehearsal(requestOf()), openRehearsal(requestOf())]);
  expect(one.world).not.toBe(two.world);
  expect(one.ready?.details['base_url']).not.toBe(two.ready?.details['base_url']);
  await one.close();
  expect((await fetch(`${two.ready?.details['base_url']}/api/v1/healthz`)).status).toBe(200);
  expect((await sh(two, 'fly status')).code).toBe(0);
  await two.close();
});

test('a port that somebody has is refused with who to ask, and nothing is left', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const opening = openRehearsal(requestOf({ port }));
  await expect(opening).rejects.toMatchObject({
    code: 'rehearsal-port-taken',
    exit: EXIT.rehearsal,
    what: `Port ${port} is taken: another program of this machine listens on it.`,
  });
  server.close();
  await once(server, 'close');
  const site = await openRehearsal(requestOf({ port, fresh: true }));
  expect(site.ready?.details['base_url']).toBe(`http://127.0.0.1:${port}`);
  await site.close();
});

test('an opening that is cancelled leaves nothing', async () => {
  const cancel = new AbortController();
  const opening = openRehearsal(requestOf(), { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 300);
  await expect(opening).rejects.toMatchObject({ code: 'rehearsal-cancelled', exit: EXIT.cancelled });
});

test('a drill that there is not is refused before anything is started', async () => {
  await expect(openRehearsal(requestOf({ drill: 'flood' }))).rejects.toMatchObject({ code: 'rehearsal-unknown-drill' });
});

test('a temporary directory that cannot be written to is said in words', async () => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = '/nonexistent';
  try {
    await expect(openRehearsal(requestOf())).rejects.toMatchObject({
      code: 'rehearsal-no-directory',
      exit: EXIT.rehearsal,
      next: [expect.stringContaining('TMPDIR')],
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});
