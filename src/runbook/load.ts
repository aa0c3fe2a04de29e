import { existsSync } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { Problem } from '../problem.ts';
import { RUNBOOKS } from '../program.ts';
import { nearest } from './nearest.ts';
import { parseRunbook } from './parse.ts';
import type { Runbook } from './types.ts';

/** Largest file that is read; a runbook is prose, and the largest known ones are a tenth of it. */
export const MAX_BYTES = 1024 * 1024;

/**
 * Reads and parses a runbook.
 *
 * @param path a file, or the bare name of one in `./runbooks` or among those that come with tejun (`cabanas-staging`)
 * @throws Problem runbook-not-found, runbook-unreadable, runbook-too-large; RunbookError when its text has errors
 */
export async function loadRunbook(path: string): Promise<Runbook> {
  const file = await resolveRunbook(path);
  return parseRunbook(file, await readRunbook(file));
}

/** The runbooks that can be named: those of `./runbooks` first, then those that come with tejun; paths, sorted. */
export async function findRunbooks(cwd: string = process.cwd()): Promise<string[]> {
  const found = new Map<string, string>();
  for (const directory of [join(cwd, 'runbooks'), RUNBOOKS]) {
    for (const name of await markdownIn(directory)) {
      const file = join(directory, name);
      const real = await realpath(file).catch(() => file);
      if (!found.has(real)) found.set(real, shown(file, cwd));
    }
  }
  return [...found.values()];
}

/** The file that a path or a bare name means. */
async function resolveRunbook(path: string): Promise<string> {
  if (existsSync(path)) return path;
  const known = await findRunbooks();
  const byName = new Map(known.map((file) => [basename(file, '.md'), file]));
  const file = /[\\/]/.test(path) ? undefined : byName.get(path.replace(/\.md$/, ''));
  if (file !== undefined) return file;
  const near = nearest(basename(path, '.md'), byName.keys());
  throw new Problem({
    code: 'runbook-not-found',
    what: `There is no runbook ${path}.`,
    means: 'Nothing was run.',
    next: [
      ...(near === undefined ? [] : [`did you mean \`${near}\`?`]),
      ...(byName.size === 0 ? [] : [`runbooks here: ${[...byName.keys()].join(', ')}`]),
      'give the path of a Markdown file',
    ],
  });
}

async function readRunbook(file: string): Promise<Buffer> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw await directoryProblem(file);
    if (!status.isFile()) throw unreadable(file, new Error('it is not a regular file'));
    if (status.size > MAX_BYTES) {
      throw new Problem({
        code: 'runbook-too-large',
        what: `${file} has ${Math.ceil(status.size / 1024)} KiB; a runbook has at most ${MAX_BYTES / 1024}.`,
        means: 'Nothing was run.',
        next: ['check that this is the runbook, or split it'],
      });
    }
    return await handle.readFile();
  } catch (error) {
    throw error instanceof Problem ? error : unreadable(file, error);
  } finally {
    await handle.close();
  }
}

async function directoryProblem(directory: string): Promise<Problem> {
  const inside = await markdownIn(directory);
  return new Problem({
    code: 'runbook-is-directory',
    what: `${directory} is a directory.`,
    means: 'Nothing was run.',
    next: [...inside.slice(0, 8).map((name) => join(directory, name)), 'give the path of a Markdown file'],
  });
}

function unreadable(file: string, error: unknown): Problem {
  const reason =
    error instanceof Error ? error.message.replace(/^E[A-Z]+: /, '').replace(/, open .*$/, '') : String(error);
  return new Problem(
    {
      code: 'runbook-unreadable',
      what: `${file} cannot be read: ${reason}.`,
      means: 'Nothing was run.',
      next: [`ls -l ${file}`],
    },
    undefined,
    { cause: error },
  );
}

async function markdownIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.md') && !/^readme\.md$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

function shown(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith(`..${sep}`) || path === '..' || isAbsolute(path) ? file : path;
}
