import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';
import { endProcessesOf } from '../e2e/processes.ts';
import { openTerminal, type TestTerminal } from '../e2e/terminal.ts';
import { hasSshd, openSshd } from '../faults/sshd.ts';

/** How an operator's keys reach the program. */
export type WayIn = 'a terminal' | 'tmux' | 'ssh';

/** The ways that this host has; CI has all of them (.ci/run). */
export const WAYS_IN: readonly WayIn[] = [
  'a terminal',
  ...(existsSync('/usr/bin/tmux') ? (['tmux'] as const) : []),
  ...(hasSshd ? (['ssh'] as const) : []),
];

/** The real program behind one of them. */
export interface Seat {
  at: TestTerminal;
  home: OperatorHome;
  close(): Promise<void>;
}

/** A step of bash, and one behind it, in an environment that asks for nothing. */
const runbookOf = (command: string) => `---
tejun: 1
title: Keys
environments:
  here: { guard: open }
---

## A command

\`\`\`bash deploy id=command
${command}
\`\`\`

\`\`\`bash verify id=behind
true
\`\`\`
`;

/** From where it opens to its step, which is due then. */
export async function toTheCommand(at: TestTerminal): Promise<void> {
  await at.waitFor('Enter chooses here');
  await at.press('\r');
  await at.waitFor('Enter runs: A command');
}

/** Opens tejun behind a way in, on a runbook of its own, in English. */
export async function takeSeat(way: WayIn, command = 'true'): Promise<Seat> {
  const home = operatorHome();
  const runbook = join(home.env['HOME'] ?? '', 'keys.md');
  writeFileSync(runbook, runbookOf(command));
  const args = [runbook, '--env', 'here', '--flow', 'setup', '--lang', 'en'];
  const leave = () => {
    endProcessesOf(home.env['TEJUN_HOME'] ?? '');
    home.remove();
  };
  if (way === 'a terminal') {
    const at = openTerminal({ args, env: home.env });
    const close = async () => {
      at.kill();
      leave();
    };
    return { at, home, close };
  }
  if (way === 'tmux') {
    const server = ['-f', '/dev/null', '-L', `tejun-seat-${process.pid}`, '-u'];
    const env = { ...home.env, TMUX_TMPDIR: home.env['HOME'] ?? '' };
    const command = [`${PROGRAM_ROOT}/bin/tejun`, ...args].map((word) => `'${word}'`).join(' ');
    // Its status line takes a row.
    const at = openTerminal({ program: '/usr/bin/tmux', args: [...server, 'new-session', command], env, rows: 25 });
    const close = async () => {
      execFileSync('/usr/bin/tmux', [...server, 'kill-server'], { env, stdio: 'ignore' });
      leave();
    };
    return { at, home, close };
  }
  const sshd = await openSshd();
  const variables = { ...home.env, PATH: process.env['PATH'], LANG: 'en_US.UTF-8', TERM: 'xterm-256color' };
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const login = [...sshd.login, 'env', ...env, `${PROGRAM_ROOT}/bin/tejun`, ...args];
  const at = openTerminal({ program: '/usr/bin/ssh', args: login, env: home.env });
  const close = async () => {
    at.kill();
    await sshd.close();
    leave();
  };
  return { at, home, close };
}
