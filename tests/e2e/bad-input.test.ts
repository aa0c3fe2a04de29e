import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldAll } from '../../src/engine/state.ts';
import { type OperatorHome, operatorHome, readRecords } from './home.ts';
import { childOf, endProcessesOf, processesOf } from './processes.ts';
import { type Ended, runProgram } from './program.ts';

let home: OperatorHome;
beforeEach(() => {
  home = operatorHome();
});
afterEach(() => {
  endProcessesOf(home.env['TEJUN_HOME'] ?? '');
  home.remove();
});

/** Runs the real program without a terminal. */
function tejun(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runProgram(args, { ...home.env, ...env });
}

/** Says what went wrong, what to do next, and nothing of tejun's insides. */
function expectClear({ err }: Ended): void {
  expect(err).toMatch(/^✖ /m);
  expect(err).toMatch(/^ {2}→ /m);
  expect(err).not.toMatch(/\n\s+at .*\.(ts|js):\d+/);
}

async function expectNothingLeft(): Promise<void> {
  const mark = home.env['TEJUN_HOME'] ?? '';
  for (let tries = 0; tries < 100 && processesOf(mark).length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(processesOf(mark)).toEqual([]);
}

test.each([
  ['a misspelt command', 'rnu', 'did you mean: tejun run'],
  ['an option that is missing', 'run board.md', 'tejun run --help'],
  ['an option that there is not', 'resume --bogus', 'tejun resume --help'],
  ['a value that an option does not have', '--lang fr', 'en, es, ja'],
  ['a shell that is not completed', 'completion tcsh', 'bash, zsh, fish'],
  ['a preference that there is not', 'config set langauge ja', 'did you mean `language`?'],
  ['a run that there is not', 'show 20260101-0000-xxx', 'tejun runs'],
])('%s is said like every other error: tejun %s', async (_, line, says) => {
  const ended = await tejun(line.split(' '));
  expect(ended).toMatchObject({ code: 2, out: '' });
  expectClear(ended);
  expect(ended.err).toContain(says);
});

describe('bad input is a clear error that says what to do next', () => {
  test('no terminal', async () => {
    const ended = await tejun([]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('no terminal');
    expectClear(ended);
  });

  test('an unknown runbook, with the one that was meant', async () => {
    const ended = await tejun(['plan', 'cabana-staging', '--env', 'staging']);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('did you mean `cabanas-staging`?');
    expectClear(ended);
  });

  test('a malformed runbook, with file, line and column of everything that is wrong', async () => {
    const file = join(home.env['HOME'] ?? '', 'bad.md');
    writeFileSync(
      file,
      '---\ntejun: 1\ntitle: x\nlanguage: en\nenvironments:\n  staging: { gaurd: open }\n---\n\n```bash prefligth\ntrue\n```\n',
    );
    const ended = await tejun(['run', file, '--env', 'rehearsal', '--auto']);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain(`${file}:6:14`);
    expect(ended.err).toContain('did you mean `guard`?');
    expect(ended.err).toContain(`${file}:9:9`);
    expect(ended.err).toContain('did you mean `preflight`?');
    expectClear(ended);
    await expectNothingLeft();
  });

  test('an environment that is sealed', async () => {
    const ended = await tejun(['plan', 'cabanas-staging', '--env', 'production']);
    expect(ended.code).toBe(7);
    expectClear(ended);
  });

  test('a missing value, with its question and its flag', async () => {
    const file = join(home.env['HOME'] ?? '', 'asks.md');
    writeFileSync(
      file,
      '---\ntejun: 1\ntitle: x\nlanguage: en\ntimezone: UTC\nenvironments:\n  staging: { guard: open }\nvalues:\n  ticket: { ask: The ticket of this change }\n---\n\n```bash preflight\necho "$ticket"\n```\n',
    );
    const ended = await tejun(['plan', file, '--env', 'staging']);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('The ticket of this change');
    expect(ended.err).toContain('--set ticket=');
    expectClear(ended);
  });

  test('a state directory that cannot be written', async () => {
    const ended = await tejun(['run', 'cabanas-staging', '--env', 'rehearsal', '--auto'], {
      TEJUN_HOME: '/proc/nowhere',
    });
    expect(ended.code).toBe(8);
    expect(ended.err).toContain('TEJUN_HOME=');
    expectClear(ended);
  });

  test('--auto anywhere but in a rehearsal', async () => {
    const ended = await tejun(['run', 'cabanas-staging', '--env', 'staging', '--auto']);
    expect(ended.code).toBe(2);
    expectClear(ended);
  });

  test('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      const ended = await tejun(['run', 'cabanas-staging', '--env', 'rehearsal', '--auto', '--port', String(port)]);
      expect(ended.code).toBe(9);
      expect(ended.err).toContain(String(port));
      expectClear(ended);
    } finally {
      server.close();
    }
    await expectNothingLeft();
  });

  test('a command that there is not', async () => {
    const ended = await tejun(['verify']);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('--help');
  });
});

describe('a flyctl that is killed in the middle of a deploy', () => {
  test('is a failed step that says what runs where; the journal has it, and nothing is left running', async () => {
    const walking = tejun([
      'run',
      'cabanas-staging',
      '--env',
      'rehearsal',
      '--flow',
      'redeploy',
      '--drill',
      'release-unhealthy',
      '--auto',
      '--json',
    ]);
    const mark = home.env['TEJUN_HOME'] ?? '';
    const deploying = async () => {
      for (let tries = 0; tries < 600; tries += 1) {
        const found = childOf(mark, /flyctl\S* --as \w+ deploy /);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error('no deploy was seen');
    };
    const pid = await deploying();
    process.kill(pid, 'SIGKILL');
    const ended = await walking;
    const [journal = ''] = home.journals();
    expect(existsSync(journal)).toBe(true);
    const state = foldAll(readRecords(journal));
    expect(state.steps['despliegue']?.status).toBe('failed');
    expect(state.steps['despliegue']?.problem?.code).toBe('deploy-interrupted');
    expect(state.steps['volver']?.status).toBe('passed');
    expect(state.seal?.outcome).toBe('rolled-back');
    expect(ended.code).toBe(1);
    expect(
      ended.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual(readRecords(journal).map(({ seq }) => seq));
    await expectNothingLeft();
  });
});
