import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { operatorHome } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { KEY, openTerminal } from './terminal.ts';

const RUNBOOK = `---
tejun: 1
title: A small one
language: en
timezone: UTC
environments:
  staging: { guard: open }
---

# A small one

\`\`\`bash deploy id=first
until [ -e go ]; do sleep 0.1; done
\`\`\`
`;

let root: string;
let database: Database;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tejun-e2e-store-'));
  chmodSync(root, 0o711);
  database = await startDatabase(join(root, 'data'), () => {});
  await database.createDatabase('team', 'owner', 'a-password', true);
});
afterAll(async () => {
  await database.stop();
  rmSync(root, { recursive: true, force: true });
});

test('a run on one host is listed, watched, shown, verified and reported from another that has only the store', async () => {
  const [here, elsewhere] = [operatorHome(), operatorHome()];
  const TEJUN_STORE = `postgres://owner:a-password@127.0.0.1:${database.port}/team`;
  const open = (args: string[], env: Readonly<Record<string, string>>, cwd = env['HOME'] ?? '') =>
    openTerminal({ args, env: { ...env, TEJUN_STORE }, cwd, rows: 60, columns: 120 });
  const tejun = async (args: string[], env: Readonly<Record<string, string>>) => {
    const at = open(args, env);
    const exit = await at.ended(60_000);
    return { exit, screen: at.screen(), bytes: at.bytes() };
  };
  try {
    const unmade = await tejun(['runs'], here.env);
    expect([unmade.exit, unmade.screen]).toEqual([10, expect.stringContaining('tejun store init')]);
    expect((await tejun(['store', 'init'], here.env)).exit).toBe(0);

    const project = join(here.env['HOME'] ?? '', 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'small.md'), RUNBOOK);
    const walking = open(['run', 'small.md', '--env', 'staging', '--yes'], here.env, project);
    await walking.waitFor('▸ first');
    const [journal = ''] = here.journals();
    const run = basename(dirname(journal));
    let listed = '';
    while (!listed.includes(run)) listed = (await tejun(['runs'], elsewhere.env)).screen;
    expect(listed).toMatch(new RegExp(`${run}  staging  A small one\\s+elsewhere`));
    const watching = open(['watch'], elsewhere.env);
    await watching.waitFor('up to 3 s behind');
    expect((await tejun(['show', run], elsewhere.env)).screen).toContain('▸ A small one: running');
    expect((await tejun(['verify', run], elsewhere.env)).exit).not.toBe(0);

    writeFileSync(join(project, 'go'), '');
    expect(await walking.ended(60_000)).toBe(0);
    await watching.waitFor('Done');
    await watching.press(KEY.enter);
    expect(await watching.ended(60_000)).toBe(0);
    expect(watching.bytes()).toContain(`tejun verify ${run}`);
    const verified = await tejun(['verify', run], elsewhere.env);
    expect([verified.exit, verified.bytes]).toEqual([0, expect.stringContaining('SEALED')]);
    expect((await tejun(['report', run], elsewhere.env)).bytes).toContain('A small one');

    await database.stop();
    const away = await tejun(['runs'], here.env);
    expect([away.exit, away.screen]).toEqual([10, expect.stringContaining(journal)]);
    expect(away.screen).toContain('does not answer');
    expect((await tejun(['show', run], here.env)).exit).toBe(0);
    for (const args of [['show'], ['verify'], ['report']])
      expect([args, (await tejun([...args, 'another-run'], elsewhere.env)).exit]).toEqual([args, 10]);
    const blind = open(['watch', 'another-run'], elsewhere.env);
    await blind.waitFor('does not answer');
    blind.kill();
    await database.start();
    for (const { bytes } of [away, verified]) expect(bytes).not.toContain('a-password');
  } finally {
    for (const home of [here, elsewhere]) {
      endProcessesOf(home.env['TEJUN_HOME'] ?? '');
      home.remove();
    }
  }
});
