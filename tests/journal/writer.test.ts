import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/journal/recover.ts';
import { RESERVE_BYTES, reservePath } from '../../src/journal/reserve.ts';
import { signerEntry } from '../../src/journal/signer.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { type Disk, openJournal } from '../../src/journal/writer.ts';
import { EXIT } from '../../src/problem.ts';
import { refusal } from '../refusal.ts';
import { begin, giveKey, keep, note, scratch, seal, signerFor } from './a-journal.ts';

let dir: ReturnType<typeof scratch>;
let path: string;
beforeEach(() => {
  dir = scratch();
  path = join(dir.path, 'runs', 'run-1', 'journal.jsonl');
});
afterEach(() => dir.remove());

/** The disk, with something that happens before each call of one kind. */
function before(call: keyof Disk, act: () => void): Disk {
  return {
    write: (fd, bytes) => {
      if (call === 'write') act();
      return disk.write(fd, bytes);
    },
    sync: (fd) => {
      if (call === 'sync') act();
      disk.sync(fd);
    },
  };
}

const disk: Disk = { write: (fd, bytes) => writeSync(fd, bytes), sync: (fd) => fdatasyncSync(fd) };

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('a new journal', () => {
  it('is readable by its owner only, with its reserve beside it until it is closed', () => {
    const journal = openJournal(path, { redact: keep });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(statSync(reservePath(path)).size).toBe(RESERVE_BYTES);
    journal.close();
    expect(existsSync(reservePath(path))).toBe(false);
  });

  it('never overwrites another', () => {
    const journal = openJournal(path, { redact: keep });
    journal.append(begin());
    journal.close();
    const problem = refusal(() => openJournal(path, { redact: keep }));
    expect(problem).toMatchObject({ code: 'journal-exists', exit: EXIT.journal });
  });

  it('is taken away again when not even its first record was written', () => {
    openJournal(path, { redact: keep }).close();
    expect(existsSync(path)).toBe(false);
  });

  it('holds a record, written and synced, when append returns', () => {
    const sizes: number[] = [];
    const journal = openJournal(path, { redact: keep, disk: before('sync', () => sizes.push(statSync(path).size)) });
    const record = journal.append(begin());
    expect(sizes).toEqual([statSync(path).size]);
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(record)}\n`);
    expect(journal).toMatchObject({ length: 1, bytes: statSync(path).size });
    journal.close();
  });

  it('gives every entry to the redactor before it is hashed or written', () => {
    const journal = openJournal(path, {
      redact: (entry) => JSON.parse(JSON.stringify(entry).replaceAll('hunter2', '•••')),
    });
    journal.append(begin());
    expect(journal.append(note('the password is hunter2'))).toMatchObject({ text: 'the password is •••' });
    expect(readFileSync(path, 'utf8')).not.toContain('hunter2');
    expect(readJournal(path)).toHaveLength(2);
    journal.close();
  });

  it('never redacts who signs: a password that is a part of the name would make every signature a bad one', async () => {
    giveKey(dir.path);
    const signer = await signerFor(dir.path);
    const journal = openJournal(path, {
      redact: (entry) => JSON.parse(JSON.stringify(entry).replaceAll('alice', '•••')),
    });
    journal.append(begin());
    journal.append({ ...signerEntry(signer), note: 'alice has no agent' });
    journal.append(seal);
    journal.signPrefix(signer);
    journal.close();
    expect(readJournal(path)[1]).toMatchObject({ by: 'alice@ops', note: '••• has no agent' });
    expect(verifyJournal(path).verdict).toBe('sealed');
  });

  it('takes what the clocks say as labels', () => {
    const clock = { now: () => new Date('2026-11-22T05:00:00Z'), mono: () => 12.5 };
    const journal = openJournal(path, { redact: keep, clock });
    expect(journal.append(begin())).toMatchObject({ at: '2026-11-22T05:00:00.000Z', mono: 12.5 });
    journal.close();
  });
});

describe('a failing disk', () => {
  it.each([1, 7, 100])('is written to in pieces of %i bytes when it takes no more at once', (piece) => {
    const journal = openJournal(path, {
      redact: keep,
      disk: { ...disk, write: (fd, bytes) => disk.write(fd, bytes.subarray(0, piece)) },
    });
    journal.append(begin());
    journal.append(note('手順'));
    expect(readJournal(path).at(-1)).toMatchObject({ text: '手順' });
    journal.close();
  });

  it.each(['write', 'sync'] as const)(
    'kills the journal at the first %s that fails, and it is never tried again',
    (call) => {
      let calls = 0;
      const fail = () => {
        if (++calls === 2) throw fault('EIO');
      };
      const journal = openJournal(path, { redact: keep, disk: before(call, fail) });
      journal.append(begin());
      const problem = refusal(() => journal.append(note('lost')));
      expect(problem).toMatchObject({ code: 'journal-dead', exit: EXIT.journal });
      expect(journal.unsaved[0]).toContain('"text":"lost"');
      expect(refusal(() => journal.append(note('later'))).code).toBe('journal-dead');
      expect(journal.unsaved[1]).toContain('"text":"later"');
      expect(calls).toBe(2);
      expect(journal).toMatchObject({ dead: true, length: 1 });
      expect(readJournal(path)[0]).toMatchObject({ type: 'begin' });
      journal.close();
    },
  );

  it('keeps a bounded number of unsaved records', () => {
    const journal = openJournal(path, { redact: keep, disk: { ...disk, write: () => 0 } });
    for (let n = 0; n < 100; n++) refusal(() => journal.append(note(String(n))));
    expect(journal.unsaved).toHaveLength(32);
    journal.close();
  });

  it('that is full gets the reserve back once: the running step can still be written', () => {
    let full = false;
    let room = 0;
    const journal = openJournal(path, {
      redact: keep,
      disk: {
        ...disk,
        write: (fd, bytes) => {
          if (!existsSync(reservePath(path)) && room === 0) room = 1000;
          if (full && room < bytes.length) throw fault('ENOSPC');
          if (full) room -= bytes.length;
          return disk.write(fd, bytes);
        },
      },
    });
    journal.append(begin());
    full = true;
    expect(journal.low).toBe(false);
    journal.append(note('the result'));
    expect(journal.low).toBe(true);
    expect(refusal(() => journal.append(note('x'.repeat(2000)))).what).toContain('no space left');
    journal.close();
  });
});

const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;

describe.skipIf(!canMount)('a real file system (needs root to mount one)', () => {
  /** Runs a script with the file system mounted in a mount namespace of its own. */
  function inMount(options: string, script: string): Record<string, unknown> {
    const mount = join(dir.path, 'mnt');
    mkdirSync(mount);
    const file = join(dir.path, 'script.ts');
    const source = (name: string) => JSON.stringify(new URL(`../../src/${name}`, import.meta.url).pathname);
    writeFileSync(
      file,
      `import { openJournal } from ${source('journal/writer.ts')};
       import { readJournal } from ${source('journal/recover.ts')};
       import { readdirSync } from 'node:fs';
       import { dirname } from 'node:path';
       const path = ${JSON.stringify(join(mount, 'journal.jsonl'))};
       const keep = (entry) => entry;
       const begin = ${JSON.stringify(begin())};
       const said = {};
       ${script}
       process.stdout.write(JSON.stringify(said));`,
    );
    const shell = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" "$3"`;
    const result = spawnSync('unshare', ['-m', 'sh', '-c', shell, 'sh', mount, process.execPath, file], {
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout);
  }

  it('that fills up lets the journal go on in its reserve, then stops it, and loses nothing acknowledged', () => {
    const said = inMount(
      'size=512k',
      `const journal = openJournal(path, { redact: keep });
       journal.append(begin);
       let acknowledged = 1;
       said.beforeLow = 0;
       try {
         for (;;) {
           journal.append({ type: 'note', text: 'x'.repeat(2000), by: 'a' });
           acknowledged++;
           if (!journal.low) said.beforeLow++;
         }
       } catch (error) { said.code = error.code; said.what = error.what; }
       said.low = journal.low;
       said.acknowledged = acknowledged;
       said.read = readJournal(path).length;`,
    );
    expect(said).toMatchObject({ code: 'journal-dead', low: true, read: said['acknowledged'] });
    expect(said['what']).toContain('ENOSPC');
    // 256 KiB of reserve hold well over a hundred of these records.
    expect(Number(said['acknowledged']) - Number(said['beforeLow'])).toBeGreaterThan(100);
  });

  it.each([
    ['is read-only', 'ro,size=1m', 'EROFS'],
    ['has no room for the reserve', 'size=64k', 'ENOSPC'],
  ])('that %s refuses the run before it begins', (_, options, code) => {
    const said = inMount(
      options,
      `try { openJournal(path, { redact: keep }); }
       catch (error) { Object.assign(said, { code: error.code, what: error.what, exit: error.exit }); }
       said.left = readdirSync(dirname(path));`,
    );
    expect(said).toMatchObject({ code: 'journal-not-writable', exit: EXIT.journal, left: [] });
    expect(said['what']).toContain(code);
  });
});

describe.skipIf(process.getuid?.() === 0)('a directory that is not writable (root may write anywhere)', () => {
  it('refuses the run before it begins', () => {
    mkdirSync(join(dir.path, 'closed'));
    chmodSync(join(dir.path, 'closed'), 0o500);
    const problem = refusal(() => openJournal(join(dir.path, 'closed', 'a', 'journal.jsonl'), { redact: keep }));
    expect(problem).toMatchObject({ code: 'journal-not-writable', exit: EXIT.journal });
  });
});

describe('a writer that is killed', () => {
  /** Appends until it is killed, and says each acknowledged number on standard output. */
  const script = (journal: string) => `
    import { writeSync } from 'node:fs';
    import { openJournal } from ${JSON.stringify(new URL('../../src/journal/writer.ts', import.meta.url).pathname)};
    const journal = openJournal(${JSON.stringify(journal)}, { redact: (entry) => entry });
    journal.append(${JSON.stringify(begin())});
    for (let n = 1; ; n++) {
      journal.append({ type: 'note', text: String(n).repeat(n % 500), by: 'a' });
      writeSync(1, n + '\\n');
    }`;

  it('loses no record that it acknowledged', async () => {
    for (let round = 0; round < 8; round++) {
      const file = join(dir.path, `kill-${round}.ts`);
      const journal = join(dir.path, `kill-${round}.jsonl`);
      writeFileSync(file, script(journal));
      const acknowledged = await killedAfter(file, 20 + round * 13);
      const records = readJournal(journal);
      expect(records.length - 1).toBeGreaterThanOrEqual(acknowledged);
    }
  });

  function killedAfter(file: string, records: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      child.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.split('\n').length > records) child.kill('SIGKILL');
      });
      child.on('close', (_, signal) => {
        if (signal === 'SIGKILL') resolve(Number(said.trimEnd().split('\n').at(-1)));
        else reject(new Error(errors));
      });
    });
  }
});
