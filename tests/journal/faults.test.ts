/** Each N-th system call on the journal's files fails once or for good, as SQLite tests itself; strace plays the disk. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoverJournal } from '../../src/journal/recover.ts';
import { begin, scratch } from './a-journal.ts';

const APPENDS = 6;
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

let dir: ReturnType<typeof scratch>;
let script: string;
beforeAll(() => {
  dir = scratch();
  script = join(dir.path, 'append.ts');
  const source = (name: string) => JSON.stringify(new URL(`../../src/${name}`, import.meta.url).pathname);
  writeFileSync(
    script,
    `import { openJournal } from ${source('journal/writer.ts')};
     const said = { acknowledged: 0, unsaved: 0, low: false };
     try {
       const journal = openJournal(process.argv[2], { redact: (entry) => entry });
       try {
         journal.append(${JSON.stringify(begin())});
         said.acknowledged++;
         while (said.acknowledged < ${APPENDS}) {
           journal.append({ type: 'note', text: 'n', by: 'a' });
           said.acknowledged++;
         }
       } catch (error) { said.code = error.code; }
       try { journal.append({ type: 'note', text: 'after', by: 'a' }); said.after = 'acknowledged'; }
       catch (error) { said.after = error.code; }
       said.unsaved = journal.unsaved.length;
       said.low = journal.low;
     } catch (error) { said.code = error.code; }
     process.stdout.write(JSON.stringify(said));`,
  );
});
afterAll(() => dir.remove());

interface Said {
  acknowledged: number;
  unsaved: number;
  low: boolean;
  code?: string;
  after?: string;
}

/** Runs the script with a fault; gives what it said, what is in the file, and how often the fault was really injected. */
async function play(fault: string): Promise<Said & { read: number; injected: number }> {
  const name = fault.replace(/\W/g, '-');
  const journal = join(dir.path, `${name}.jsonl`);
  const log = join(dir.path, `${name}.strace`);
  const files = ['-P', journal, '-P', `${journal}.reserve`, '-P', dir.path];
  const args = ['-f', '-qq', '-o', log, ...files, '-e', `inject=${fault}`, process.execPath, script, journal];
  const said = await new Promise<string>((resolve, reject) => {
    const child = spawn('strace', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('close', (status) => (status === 0 ? resolve(out) : reject(new Error(`strace ended with ${status}`))));
  });
  const read = existsSync(journal) && readFileSync(journal).length > 0 ? recoverJournal(journal).records.length : 0;
  return { ...JSON.parse(said), read, injected: readFileSync(log, 'utf8').split('(INJECTED)').length - 1 };
}

const tried = [
  ...['ENOSPC', 'EIO', 'EROFS'].flatMap((code) => [1, 3, 5].map((n) => `write:error=${code}:when=${n}+`)),
  ...[1, 2, APPENDS].map((n) => `fdatasync:error=EIO:when=${n}`),
  ...[1, 2, 3].map((n) => `fsync:error=EIO:when=${n}`),
  ...[1, 2].map((n) => `openat:error=EROFS:when=${n}`),
];

describe.skipIf(!canTrace)('a disk that fails at the N-th call (needs strace)', () => {
  it.each(tried)('loses nothing acknowledged and claims no success: %s', async (fault) => {
    const { acknowledged, read, injected, code, after, unsaved } = await play(fault);
    expect(injected).toBeGreaterThan(0);
    expect(read).toBeGreaterThanOrEqual(acknowledged);
    expect(code).toMatch(/^journal-(dead|not-writable)$/);
    if (code === 'journal-dead') expect({ after, unsaved }).toEqual({ after: 'journal-dead', unsaved: 2 });
  });

  it('goes on in its reserve when there is no room for one record', async () => {
    const played = await play('write:error=ENOSPC:when=4');
    expect(played).toMatchObject({ acknowledged: APPENDS, low: true, after: 'acknowledged', injected: 1 });
  });
});
