import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, startDatabase } from '../../src/rehearsal/database.ts';
import { operatorHome } from './home.ts';
import { endProcessesOf } from './processes.ts';
import { openTerminal } from './terminal.ts';

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
echo first
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

test('a run on one host is listed, verified and reported from another that has only the store', async () => {
  const [here, elsewhere] = [operatorHome(), operatorHome()];
  const TEJUN_STORE = `postgres://owner:a-password@127.0.0.1:${database.port}/team`;
  const tejun = async (args: string[], env: Readonly<Record<string, string>>) => {
    const at = openTerminal({ args, env: { ...env, TEJUN_STORE }, rows: 60, columns: 120 });
    const exit = await at.ended(60_000);
    return { exit, screen: at.screen(), bytes: at.bytes() };
  };
  try {
    expect((await tejun(['store', 'init'], here.env)).exit).toBe(0);
    const project = join(here.env['HOME'] ?? '', 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'small.md'), RUNBOOK);
    const walked = await tejun(['run', join(project, 'small.md'), '--env', 'staging', '--yes'], here.env);
    expect([walked.exit, walked.screen]).toEqual([0, expect.anything()]);
    const [journal = ''] = here.journals();
    const run = basename(dirname(journal));
    // The engine sends its last records after its screens have gone; this is what it would do on the next day.
    expect((await tejun(['store', 'push'], here.env)).screen).toContain(run);
    expect((await tejun(['store', 'runs'], elsewhere.env)).screen).toContain(`${run}  staging  A small one`);
    const verified = await tejun(['verify', run], elsewhere.env);
    expect([verified.exit, verified.bytes]).toEqual([0, expect.stringContaining('SEALED')]);
    expect((await tejun(['report', run], elsewhere.env)).bytes).toContain('A small one');
    for (const { bytes } of [walked, verified]) expect(bytes).not.toContain('a-password');
  } finally {
    for (const home of [here, elsewhere]) {
      endProcessesOf(home.env['TEJUN_HOME'] ?? '');
      home.remove();
    }
  }
});
