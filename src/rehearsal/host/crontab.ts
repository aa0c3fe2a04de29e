import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Effects } from '../effects.ts';
import type { ProgramCall } from '../stand-in.ts';

const USAGE = `usage:	crontab [-u user] file
	crontab [ -u user ] [ -i ] { -e | -l | -r }
		(default operation is replace, per 1003.2)
	-e	(edit user's crontab)
	-l	(list user's crontab)
	-r	(delete user's crontab)
	-i	(prompt before deleting user's crontab)
`;

/** Fields of time, in the order in which cron complains of them (cron 3.0pl1, entry.c). */
const FIELDS = [
  { name: 'minute', most: 59 },
  { name: 'hour', most: 23 },
  { name: 'day-of-month', most: 31 },
  { name: 'month', most: 12 },
  { name: 'day-of-week', most: 7 },
] as const;

/** Debian's crontab (3.0pl1) on a file of the rehearsal: `-l`, `-r`, a file, and `-` for standard input. */
export async function crontab(call: ProgramCall, path: string, effects: Effects): Promise<number> {
  const say = (line: string, exit: number): number => {
    call.err(`${line}\n`);
    return exit;
  };
  const user = call.env['USER'] ?? call.env['LOGNAME'] ?? 'root';
  const [word, ...others] = call.args;
  if (others.length > 0 || word === '-e' || word === '-u') {
    return say(`crontab: this rehearsal acts out -l, -r, a file and "-" only\n${USAGE}`.trimEnd(), 1);
  }
  if (word === undefined) return say(`crontab: file name must be specified for replace\n${USAGE}`.trimEnd(), 1);
  if (word === '-l' || word === '-r') {
    if (!existsSync(path)) return say(`no crontab for ${user}`, 1);
    if (word === '-l') call.out(await readFile(path, 'utf8'));
    else {
      await rm(path);
      effects.add('crontab-removed');
    }
    return 0;
  }
  if (word.startsWith('-') && word !== '-') {
    return say(
      `crontab: invalid option -- '${word.charAt(1)}'\ncrontab: usage error: unrecognized option\n${USAGE}`,
      1,
    );
  }
  const source = resolve(call.cwd, word);
  if (word !== '-' && !existsSync(source)) return say(`${word}: No such file or directory`, 1);
  const text = word === '-' ? await readAll(call.stdin) : await readFile(source, 'utf8');
  const lines = text.split('\n');
  if (lines.pop() !== '') return say("new crontab file is missing newline before EOF, can't install.", 1);
  const errors = lines.flatMap((line, index) => {
    const field = badField(line);
    return field === undefined ? [] : [`"${word}":${index + 1}: bad ${field}`];
  });
  if (errors.length > 0) return say(`${errors.join('\n')}\nerrors in crontab file, can't install.`, 1);
  await writeFile(path, text, { mode: 0o600 });
  effects.add('crontab-installed', { lines: lines.length });
  return 0;
}

/** The first field of a line that cron does not take; undefined for a good job, a setting, a comment. */
function badField(line: string): string | undefined {
  if (/^\s*(#.*)?$/.test(line) || /^\s*["']?\w+["']?\s*=/.test(line)) return undefined;
  const words = line.trim().split(/\s+/);
  if (/^@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(words[0] ?? '')) {
    return words.length > 1 ? undefined : 'command';
  }
  const bad = FIELDS.find(({ most }, index) => !isField(words[index] ?? '', most));
  return bad?.name ?? (words.length > 5 ? undefined : 'command');
}

function isField(text: string, most: number): boolean {
  return text.split(',').every((part) => {
    const [, from, to] = /^(?:\*|(\w{1,3})(?:-(\w{1,3}))?)(?:\/\d+)?$/.exec(part) ?? [undefined, 'x', undefined];
    return [from, to].every((end) => end === undefined || /^[a-z]{3}$/i.test(end) || Number(end) <= most);
  });
}
