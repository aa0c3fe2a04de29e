import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JournalRecord, RecordOf } from '../../src/journal/records.ts';
import { askEffects, askPlatform } from '../../src/rehearsal/control.ts';
import type { Effect } from '../../src/rehearsal/effects.ts';
import { operatorHome } from './home.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/tejun');

export interface Walk {
  exit: number | null;
  seconds: number;
  records: JournalRecord[];
  /** All that was printed. */
  output: string;
  /** What the platform had done when `at` began, and what it says of Neon's branches then. */
  effects: readonly Effect[];
  branches: unknown;
}

/** One walk of the runbook in a rehearsal; when the step `at` begins, the platform itself is asked what was done to it. */
export async function walk(at: string, ...args: string[]): Promise<Walk> {
  const home = operatorHome();
  try {
    const temporary = join(home.env['HOME'] ?? '', 'tmp');
    mkdirSync(temporary);
    // The rehearsal's PostgreSQL runs as another user when the tests run as root.
    for (const directory of [home.env['HOME'] ?? '', temporary]) chmodSync(directory, 0o711);
    const found: Walk = { exit: null, seconds: 0, records: [], output: '', effects: [], branches: undefined };
    const began = performance.now();
    const line = ['run', 'fly-neon-production', '--env', 'rehearsal', '--auto', '--json', ...args];
    const child = spawn(PROGRAM, line, {
      env: { PATH: process.env['PATH'], ...home.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', async (text) => {
      found.output += `${text}\n`;
      const record = JSON.parse(text) as JournalRecord;
      found.records.push(record);
      if (record.type !== 'step.intent' || record.step !== at) return;
      const world = readdirSync(temporary).find((name) => name.startsWith('tejun-rehearsal-')) ?? '';
      const socket = join(temporary, world, 'control.sock');
      found.effects = await askEffects(socket);
      found.branches = await askPlatform(socket, 'neon', 'branches');
    });
    [found.exit] = (await once(child, 'close')) as [number | null];
    found.seconds = (performance.now() - began) / 1000;
    return found;
  } finally {
    home.remove();
  }
}

export function evidence({ records }: Walk, step: string) {
  const found = records.findLast(
    (record): record is RecordOf<'step.result'> => record.type === 'step.result' && record.step === step,
  );
  return { outcome: found?.outcome, summary: found?.summary, ...(found?.evidence as object) };
}

export const failures = ({ records }: Walk) =>
  records.flatMap((record) => (record.type === 'step.result' && record.outcome !== 'passed' ? [record.step] : []));

export const counted = ({ effects }: Walk, effect: string) => effects.filter((one) => one.effect === effect);
