import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flyReady } from '../../../tasks/fly/ready.ts';
import { contextFor } from '../context.ts';

/** The two answers that the check reads; any other call is refused, as by the real one. */
const FLYCTL = `#!/bin/sh
case "$*" in
  'version --json') echo '{"Name":"flyctl","Version":"0.4.87"}' ;;
  'auth whoami --json') echo '{"email":"ops@example.com"}' ;;
  *) echo "Error: unknown command \\"$*\\"" >&2; exit 1 ;;
esac
`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tejun-ready-'));
  writeFileSync(join(home, 'flyctl'), FLYCTL, { mode: 0o755 });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function logs(directory: string, modes: readonly number[]): string {
  const log = join(home, directory, 'logs');
  mkdirSync(log, { recursive: true });
  for (const [index, mode] of modes.entries()) {
    const file = join(log, `debug-${index}.log`);
    writeFileSync(file, 'level=debug\n');
    chmodSync(file, mode);
  }
  return log;
}

async function checked(env: Readonly<Record<string, string>> = {}) {
  const context = contextFor({ env: { PATH: `${home}:${process.env['PATH']}`, HOME: home, ...env }, cwd: home });
  const result = await flyReady.run(flyReady.input.parse({}), context);
  return { ...result, said: context.said.join('\n') };
}

describe('flyctl’s own log, into which old versions write secrets', () => {
  test.each([
    ['no log', () => {}],
    ['an empty one', () => logs('.fly', [])],
  ])('%s is no word worth', async (_, make) => {
    make();
    expect(await checked()).toMatchObject({ outcome: 'passed', summary: 'v0.4.87 · ops@example.com' });
  });

  test('one that is there is said, with what to do about it', async () => {
    const log = logs('.fly', [0o600, 0o600]);
    const { outcome, summary, evidence, said } = await checked();
    expect(outcome).toBe('passed');
    expect(summary).toBe(`warning: secrets may stand in ${log} · v0.4.87 · ops@example.com`);
    expect(evidence).toMatchObject({ ownLog: { directory: log, files: 2, readableByOthers: 0 } });
    expect(said).toContain('2 files, of which others can read none');
    expect(said).toContain('flyctl version upgrade');
    expect(said).toContain(`rm -r ${log}`);
  });

  test.each([0o640, 0o604, 0o644])('one of mode %o is readable by others, and said to be', async (mode) => {
    logs('.fly', [0o600, mode]);
    const { summary, said } = await checked();
    expect(summary).toContain(', which others can read');
    expect(said).toContain('2 files, of which others can read 1');
  });

  test('it is looked for where flyctl keeps it', async () => {
    const elsewhere = join(home, 'state of flyctl');
    const log = logs('state of flyctl', [0o600]);
    expect((await checked({ FLY_CONFIG_DIR: elsewhere })).summary).toContain(log);
  });
});
