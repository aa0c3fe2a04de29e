import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandTree } from '../../src/commands/command-tree.ts';
import { completionScript, type Shell, shapeOf } from '../../src/commands/completion.ts';

const shape = shapeOf(commandTree(() => {}));
const RUNBOOKS = ['cabanas-staging', 'fly-neon-production'];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-completion-'));
  // Where there is no file that a shell could offer, too.
  mkdirSync(join(directory, 'empty'));
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    writeFileSync(join(directory, shell), completionScript(shell, shape, RUNBOOKS));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const has = (shell: Shell) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What a line is completed to, whatever the shell. */
const CASES: [string, string[]][] = [
  ['tejun ru', ['run', 'runs']],
  ['tejun cab', ['cabanas-staging']],
  ['tejun run fly', ['fly-neon-production']],
  ['tejun run cabanas-staging --flow re', ['redeploy']],
  ['tejun resume --on-failure ', ['stop', 'undo']],
  ['tejun attach --ret', ['--retry']],
  ['tejun config ', ['get', 'list', 'path', 'set']],
  ['tejun completion z', ['zsh']],
];

describe('bash', () => {
  test.each(CASES)('%s', (line, words) => {
    const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tejun; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['-c', script, join(directory, 'bash'), ...line.split(' ')], { cwd: directory });
    expect(out.toString().trim().split('\n').sort()).toEqual(words);
  });

  test('falls back to files', () => {
    const script = `source "$0"; COMP_WORDS=(tejun verify fi); COMP_CWORD=2; _tejun; echo "\${COMPREPLY[*]}"`;
    const out = execFileSync('bash', ['-c', script, join(directory, 'bash')], { cwd: directory });
    expect(out.toString().trim()).toBe('fish');
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  test.each(CASES)('%s', (line, words) => {
    const script = 'source $argv[1]; complete -C $argv[2]';
    const env = { ...process.env, HOME: directory };
    const out = execFileSync('fish', ['-N', '-c', script, join(directory, 'fish'), line], {
      cwd: join(directory, 'empty'),
      env,
    });
    const offered = out.toString().trim().split('\n');
    const found = offered.map((row) => row.split('\t')[0] ?? '').filter((word) => !word.endsWith('/'));
    expect(found.sort()).toEqual(words);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  let shell: IPty;
  let shown = '';
  const until = async (ready: () => boolean) => {
    for (let tries = 0; !ready() && tries < 400; tries += 1) await sleep(25);
  };
  beforeAll(async () => {
    shell = spawn('zsh', ['-f'], { cols: 200, rows: 50, cwd: directory, env: { ...process.env, TERM: 'dumb' } });
    shell.onData((data) => {
      shown += data;
    });
    shell.write("autoload -Uz compinit; compinit -D -u; source ./zsh; LISTMAX=1000; PS1='re''ady> '\r");
    await until(() => shown.includes('ready> '));
  });
  afterAll(() => shell.kill());

  test.each(CASES)('%s', async (line, words) => {
    shown = '';
    // Ctrl-D in a line lists what would complete it; Ctrl-U empties it for the next one.
    shell.write(`${line}\x04`);
    await until(() => words.every((word) => shown.includes(word)));
    for (const word of words) expect(shown).toContain(word);
    shell.write('\x15');
    await sleep(50);
  });
});
