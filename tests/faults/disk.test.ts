import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EngineSpec } from '../../src/commands/launch.ts';
import { newRunId } from '../../src/engine/run-id.ts';
import { readJournal } from '../../src/journal/recover.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { EXIT } from '../../src/problem.ts';
import { builtFile } from '../../src/program.ts';
import { makeRunDirectories, runDirectory } from '../../src/state-directory.ts';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';
import { type EngineProcess, exitOf, greetingOf, startEngineProcess, walkWith } from './engine-process.ts';
import { publish } from './figures.ts';
import { Operator } from './operator.ts';
import { times } from './scale.ts';

const RUNBOOK = `---
tejun: 1
title: Two effects
language: en
timezone: UTC
environments:
  staging: { guard: open, values: { log: LOG } }
---

# Two effects

\`\`\`bash deploy id=first
echo first >> "$log"
\`\`\`

\`\`\`bash deploy id=second
echo second >> "$log"
\`\`\`
`;

const CODES = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'];
const CALLS = ['write', 'fdatasync', 'fsync', 'openat', 'rename'] as const;

/** Two steps of a moment each: one that takes longer hangs. */
const LONGEST_WALK_MS = 60_000;

let home: OperatorHome;
let log: string;
let runbook: string;
beforeEach(() => {
  home = operatorHome();
  const project = join(home.env['HOME'] ?? '', 'project');
  mkdirSync(project);
  log = join(project, 'effects.log');
  writeFileSync(log, '');
  runbook = join(project, 'two.md');
  writeFileSync(runbook, RUNBOOK.replace('LOG', log));
});
afterEach(() => home.remove());

const effects = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);
const environment = () => ({ ...home.env, PATH: process.env['PATH'] ?? '' });
const place = () => ({ cwd: join(home.env['HOME'] ?? '', 'project'), env: environment() });

const trace = () => join(home.env['HOME'] ?? '', 'trace');

/** An engine whose calls on the files of its run are traced, and fail as the fault says; strace plays the disk. */
function startOnDisk(spec: EngineSpec, calls: string, fault?: string): EngineProcess {
  const { env, cwd } = place();
  makeRunDirectories(env, spec.run);
  const run = runDirectory(env, spec.run);
  const journal = join(run, 'journal.jsonl');
  const outputs = ['first.1.log', 'second.1.log'].map((name) => join(run, 'output', name));
  const paths = [run, journal, `${journal}.reserve`, ...outputs].flatMap((path) => ['-P', path]);
  const args = [
    '-f',
    '-qq',
    '-o',
    trace(),
    ...paths,
    // The kernel stops it at this call alone: at every call, an engine takes seconds to start.
    '--seccomp-bpf',
    '-e',
    `trace=${calls}`,
    ...(fault === undefined ? [] : ['-e', `inject=${fault}`]),
    process.execPath,
    builtFile('tejun.js'),
    'engine',
  ];
  const child = spawn('strace', args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(spec));
  return { child, greeted: greetingOf(child.stdout), gone: once(child, 'exit') };
}

function specOf(run: string): EngineSpec {
  return { run, runbook, environment: 'staging', flow: 'setup', values: {} };
}

/** The N-th call fails, once or (every other one) from then on; and one more than a whole walk makes of it, which nothing meets. */
async function everyFault(): Promise<string[]> {
  const run = newRunId();
  const engine = startOnDisk(specOf(run), CALLS.join());
  expect(await walked(engine, new Operator(async () => false), run)).toBe(EXIT.done);
  const lines = readFileSync(trace(), 'utf8').split('\n');
  return CALLS.flatMap((call) => {
    const made = lines.filter((line) => line.includes(` ${call}(`)).length;
    return CODES.flatMap((code, c) =>
      Array.from({ length: made + 1 }, (_, n) => `${call}:error=${code}:when=${n + 1}${(n + c) % 2 === 0 ? '+' : ''}`),
    );
  });
}

interface Played {
  injected: number;
  violations: string[];
}

async function play(fault: string): Promise<Played> {
  const run = newRunId();
  const spec = specOf(run);
  const journalOf = (id: string) => join(runDirectory(environment(), id), 'journal.jsonl');
  let journal = journalOf(run);
  const operator = new Operator(async (step) => effects().includes(step));
  const violations: string[] = [];
  const engine = startOnDisk(spec, fault.split(':', 1)[0] ?? '', fault);
  const exit = await walked(engine, operator, run);
  const injected = readFileSync(trace(), 'utf8').split('(INJECTED)').length - 1;
  if (!operator.state.seal) {
    // What was shown is there, nothing was done that is not, and the program says that its journal failed.
    const kept = existsSync(journal) ? read(journal) : [];
    const shown = operator.seen.map((record) => JSON.stringify(record));
    if (shown.some((line, seq) => kept[seq] !== line)) violations.push('an acknowledged record is missing');
    const begun = kept.filter((line) => line.includes('"type":"step.intent"')).length;
    if (effects().length > begun) violations.push('something was done that the journal does not know');
    const told = exit === EXIT.journal || (operator.refused && exit === EXIT.suspended);
    if (!told) violations.push(`it ended with ${exit}`);
    if (operator.trouble && operator.trouble.unsaved.length === 0) violations.push('what was not saved was not shown');
    if (!sealedOnDisk(kept)) {
      // There is room again: the run goes on, or begins if it never had.
      const next = kept.length > 0 ? { ...spec, resume: true } : { ...spec, run: newRunId() };
      journal = journalOf(next.run);
      operator.arrive();
      const end = await walked(startEngineProcess(next, place()), operator, next.run);
      if (end !== EXIT.done) violations.push(`the next engine ended with ${end}`);
    }
  }
  if (effects().join() !== 'first,second') violations.push(`done: ${effects().join()}`);
  // A seal whose signature could not be written verifies as what it is; one that was written and could not be synced is there.
  const written = read(journal);
  const signed = written.at(-1)?.includes('"final":true');
  const expected = sealedOnDisk(written) && !signed && operator.trouble ? 'unsigned-tail' : 'sealed';
  const { verdict } = verifyJournal(journal);
  if (verdict !== expected) violations.push(`it is ${verdict}`);
  return { injected, violations };
}

/** The seal was written, and only syncing or signing it failed: the run is over, and nothing can be added to it. */
function sealedOnDisk(kept: readonly string[]): boolean {
  return kept.some((line) => line.includes('"type":"seal"'));
}

function read(journal: string): string[] {
  return readJournal(journal).map((record) => JSON.stringify(record));
}

/** Walks with an engine until it ends, and gives its exit code; undefined when it had to be killed, which is a violation. */
async function walked(engine: EngineProcess, operator: Operator, run: string): Promise<number | undefined> {
  const greeting = await engine.greeted;
  const never = setTimeout(() => engine.child.kill('SIGKILL'), LONGEST_WALK_MS);
  const code = await (greeting?.kind === 'ready'
    ? walkWith(operator, engine, environment(), run)
    : exitOf(engine.gone));
  clearTimeout(never);
  return code;
}

describe.skipIf(spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0)(
  'a disk that fails at the N-th call',
  () => {
    test('never loses what was acknowledged, and never lets anything happen unrecorded', {
      timeout: 1_400_000,
    }, async () => {
      const every = await everyFault();
      const stride = Math.floor(every.length / times(every.length, 5));
      const faults = every.filter((_, index) => index % stride === 0);
      const found: string[] = [];
      let injected = 0;
      for (const fault of faults) {
        writeFileSync(log, '');
        const played = await play(fault);
        if (played.injected > 0) injected += 1;
        found.push(...played.violations.map((violation) => `${fault}: ${violation}`));
      }
      publish('disk', { tried: faults.length, 'really injected': injected, violations: found.length });
      expect(found).toEqual([]);
      expect(injected).toBeGreaterThan(0);
    });
  },
);
