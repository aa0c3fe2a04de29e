import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/journal/records.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { askSecrets } from '../../src/rehearsal/control.ts';
import { type OperatorHome, operatorHome } from '../e2e/home.ts';
import { runProgram } from '../e2e/program.ts';
import { openTerminal, type TestTerminal } from '../e2e/terminal.ts';
import { executions } from './exec-trace.ts';
import { formsOf } from './forms.ts';
import { Search } from './search.ts';
import { SHAPES, type Shape } from './shapes.ts';

/** What is given, by its shape, for the secrets that no service of the rehearsal has to know: those are the rehearsal's own. */
const WALKS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  'cabanas-staging': {
    JWT_SECRET: 'nasty',
    WHATSAPP_ACCESS_TOKEN: 'key',
    MERCADOPAGO_ACCESS_TOKEN: 'short',
    ADMIN_ALLOWED_EMAILS: 'email',
    ICS_SALT: 'hex',
  },
  'osakamenesu-staging': {},
  'salon-gbp-vps': { ADMIN_USER_ID: 'uuid' },
  'horologen-render': { SECRET_KEY: 'japanese', ANTHROPIC_API_KEY: 'nasty' },
  'fly-neon-production': {
    SESSION_SECRET: 'long',
    OIDC_ISSUER_URL: 'url',
    OIDC_CLIENT_ID: 'japanese',
    OIDC_CLIENT_SECRET: 'nasty',
    OIDC_REDIRECT_URI: 'plainUrl',
  },
};

/** What a process is, for the rule of whose environment may hold a secret. */
type Process = { argv: readonly string[]; env: readonly string[] };

interface Walk {
  exit: number | null;
  home: OperatorHome;
  temporary: string;
  /** Everything that came over standard output and standard error. */
  terminal: string;
  records: JournalRecord[];
  secrets: Map<string, string>;
  sampled: Process[];
  executed: Process[];
  looked: { passes: number; ms: number };
  /** Calls of stand-ins that printed the secrets. */
  told: { name: string; words: string; stdout: boolean; printed?: string }[];
  /** What somebody who looks on in a real terminal was shown: every byte, and the screen at the end. */
  watched: string;
}

const homes: OperatorHome[] = [];
afterAll(() => {
  for (const home of homes) home.remove();
});

/** Walks a runbook with the real program; every stand-in prints every secret, and every process is watched. */
async function walk(runbook: string, shapes: Readonly<Record<string, Shape>>): Promise<Walk> {
  const home = operatorHome();
  homes.push(home);
  const root = home.env['HOME'] ?? '';
  const [temporary, given] = [join(root, 'tmp'), join(root, 'given')];
  for (const directory of [temporary, given]) mkdirSync(directory);
  // The rehearsal's PostgreSQL runs as another user when the tests run as root.
  for (const directory of [root, temporary]) chmodSync(directory, 0o711);
  const values = Object.entries(shapes).map(([name, shape]) => [name, SHAPES[shape]()] as const);
  const options = values.flatMap(([name, value]) => {
    const file = join(given, name);
    writeFileSync(file, value, { mode: 0o600 });
    return ['--secret', `${name}=@${file}`];
  });
  const known = join(given, 'known.json');
  writeFileSync(known, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
  const told = join(given, 'told.jsonl');
  const through = join(given, 'telltale');
  const telltale = join(import.meta.dirname, 'telltale.ts');
  writeFileSync(through, `#!/bin/sh\nexec '${process.execPath}' '${telltale}' '${known}' '${told}' "$@"\n`, {
    mode: 0o755,
  });

  const sampled: Process[] = [];
  let looked = { passes: 0, ms: 0 };
  const watcher = spawn(process.execPath, [join(import.meta.dirname, 'watch-processes.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  createInterface({ input: watcher.stdout }).on('line', (line) => {
    const seen = JSON.parse(line) as Process | typeof looked;
    if ('passes' in seen) looked = seen;
    else sampled.push(seen);
  });

  const trace = join(given, 'trace');
  const strace = ['--seccomp-bpf', '-f', '-qq', '-v', '-s', '4194304', '-e', 'trace=execve', '-e', 'signal=none'];
  const program = [
    join(PROGRAM_ROOT, 'bin/tejun'),
    'run',
    runbook,
    '--env',
    'rehearsal',
    '--auto',
    '--json',
    ...options,
  ];
  const child = spawn('strace', [...strace, '-o', trace, ...program], {
    env: { PATH: process.env['PATH'], ...home.env, TMPDIR: temporary, TEJUN_REHEARSAL_THROUGH: through },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let terminal = '';
  child.stderr.on('data', (chunk: Buffer) => {
    terminal += chunk.toString();
  });
  let seat: TestTerminal | undefined;
  const secrets = new Map<string, string>(values);
  const records: JournalRecord[] = [];
  const asked: Promise<void>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    terminal += `${line}\n`;
    const record = JSON.parse(line) as JournalRecord;
    records.push(record);
    if (record.type === 'begin') {
      seat = openTerminal({
        args: ['watch', record.run, '--lang', 'en'],
        env: { ...home.env, TMPDIR: temporary },
        columns: 120,
        rows: 40,
      });
    }
    if (record.type !== 'step.result') return;
    const world = readdirSync(temporary).find((name) => name.startsWith('tejun-rehearsal-'));
    // The platform tells the secrets that it made itself: connection strings, passwords, keys.
    if (world === undefined) return;
    const answer = askSecrets(join(temporary, world, 'control.sock')).then(
      (held) => {
        for (const [name, value] of held)
          secrets.set(`${name} ${createHash('sha256').update(value).digest('hex').slice(0, 6)}`, value);
      },
      () => {},
    );
    asked.push(answer);
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  await Promise.all(asked);
  const watched = `${seat?.bytes()}\n${seat?.screen()}`;
  seat?.kill();
  watcher.stdin.end();
  await once(watcher, 'close');
  const executed: Process[] = [];
  for await (const one of executions(trace)) executed.push(one);
  return {
    ...{ exit, home, temporary, terminal, records, secrets, sampled, executed, looked, watched },
    told: existsSync(told)
      ? readFileSync(told, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Walk['told'][number])
      : [],
  };
}

/** Shorter ones stand in any text by chance. */
const TELLING = 6;

/** Processes that have no business with any secret: tejun's own, the platform, and what gets secrets on standard input. */
const OUTSIDER = /tejun\.js|bin\/tejun|rehearsal\/(platform|flyctl)\.js|postgres|redis-server|ssh-keygen|\bgit\b/;

describe.each(Object.entries(WALKS))('%s, with stand-ins that print every secret in every form', (runbook, shapes) => {
  test('leaks none, anywhere', async () => {
    const { exit, home, temporary, terminal, records, secrets, sampled, executed, looked, told, watched } = await walk(
      runbook,
      shapes,
    );
    // A step that a busy machine is too slow for may fail; the walk itself is whole, and its failure leaks nothing either.
    expect(
      records.some(({ type }) => type === 'seal'),
      `it ended with ${exit}: ${terminal.slice(-500)}`,
    ).toBe(true);
    const set = records.flatMap((record) =>
      record.type === 'secret.set' && record.source === 'file' ? [record.name] : [],
    );
    expect(set.sort()).toEqual(Object.keys(shapes).sort());
    expect(executed.length).toBeGreaterThan(50);
    // How often the watcher gets to look is the machine's affair; each execution it missed is in the trace.
    expect(looked.passes).toBeGreaterThan(0);
    // Somebody looked on from a terminal; which lines of a step he saw is a matter of moments.
    expect(watched).toContain('watching');
    expect(executed.some(({ argv }) => argv.includes(runbook))).toBe(true);

    // The URLs of attaches: nobody but the program that printed them knew them before.
    for (const [index, { printed }] of told.entries())
      if (printed !== undefined) secrets.set(`printed ${index}`, printed);
    const reports = await Promise.all(
      (['md', 'html', 'json'] as const).flatMap((format) =>
        home.journals().map((journal) => runProgram(['report', journal, '--format', format], home.env)),
      ),
    );
    expect(reports.map(({ code }) => code)).toEqual([0, 0, 0]);

    const search = new Search([...secrets].filter(([, value]) => value.length >= TELLING));
    search.text('the output', terminal);
    search.text('the terminal', watched);
    for (const { out, err } of reports) search.text('the report', out + err);
    search.directory(home.env['TEJUN_HOME'] ?? '');
    search.directory(temporary);
    for (const directory of ['/dev/shm', '/tmp']) {
      const left = readdirSync(directory).filter((name) => name.startsWith('tejun-secret'));
      for (const name of left) search.text(directory, readFileSync(join(directory, name), 'utf8'));
    }
    const processes = [...sampled, ...executed];
    for (const { argv } of processes) for (const word of argv) search.text(`an argument of ${argv[0]}`, word);
    for (const { argv, env } of processes.filter((one) => OUTSIDER.test(one.argv.join(' ')))) {
      // Its login is what flyctl finds in its environment.
      for (const entry of env)
        if (!entry.startsWith('FLY_API_TOKEN=')) search.text(`the environment of ${argv[0]}`, entry);
    }
    const kinds = told.filter(({ stdout }) => stdout).length;
    process.stdout.write(
      `${runbook}: ${secrets.size} secrets in ${search.patterns} forms, looked for in ${search.searched} bytes, ` +
        `${executed.length} executions, ${sampled.length} processes sampled each ${(looked.ms / looked.passes).toFixed(1)} ms; ` +
        `${told.length} calls of stand-ins printed them, a terminal showed ${Buffer.byteLength(watched)} bytes of the walk, ${kinds} of these on standard output too: ${search.leaks.length} leaks\n`,
    );
    expect(search.leaks).toEqual([]);
  });
});

test('the search finds every form', () => {
  // Of a short one some forms are too short to be told from other text.
  for (const [shape, make] of Object.entries(SHAPES).filter(([shape]) => shape !== 'short')) {
    const value = make();
    for (const [form, printed] of formsOf(value)) {
      const search = new Search([[shape, value]]);
      search.text('here', `<${printed}>`);
      expect(search.leaks.length, `${shape}, ${form}`).toBeGreaterThan(0);
    }
  }
});
