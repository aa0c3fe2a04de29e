/**
 * A crontab as text: what its lines are, what is wrong with one, and the block of lines that tejun keeps in it. Pure.
 * The rules are those of crontab(5) of Debian's cron.
 */

/** Names of the fields of a schedule, with what each may be. */
const FIELDS = [
  { name: 'minute', from: 0, to: 59, words: [] },
  { name: 'hour', from: 0, to: 23, words: [] },
  { name: 'day of month', from: 1, to: 31, words: [] },
  {
    name: 'month',
    from: 1,
    to: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of week', from: 0, to: 7, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const;

const NICKNAMES = ['@reboot', '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** cron's own limit for a command (MAX_COMMAND), less its end. */
const LONGEST = 998;

/** A crontab as its lines; a job's command is the rest of its line. */
export interface Job {
  schedule: string;
  command: string;
}

/** A line of a crontab as a job; undefined for comments, settings and what is no job. */
export function readJob(line: string): Job | undefined {
  const found = /^\s*(@\S+|(?:\S+\s+){4}\S+)\s+(\S.*)$/.exec(line);
  const [, schedule = '', command = ''] = found ?? [];
  if (!found || /^\s*#/.test(line) || /^\s*["']?[A-Za-z_]\w*["']?\s*=/.test(line)) return undefined;
  return { schedule: schedule.replace(/\s+/g, ' '), command };
}

/** What is wrong with a line that is to be installed; empty when nothing is. */
export function faultsOf(line: string): string[] {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) return ['it has a line break or another control character'];
  const job = readJob(line);
  if (!job) return ['it is no job: five fields of time or @daily, then a command'];
  const { schedule, command } = job;
  const shell = unescaped(command);
  return [
    ...scheduleFaults(schedule),
    ...(command.length > LONGEST ? [`its command has ${command.length} characters, and cron takes ${LONGEST}`] : []),
    ...(/(^|[^\\])%/.test(command) ? ['it has a % without \\ before it, which cron turns into a line break'] : []),
    ...(hasPipe(shell) && !/set\s+-\S*o\s+pipefail|set\s+(-\S+\s+)*-o\s+pipefail/.test(shell)
      ? ['it has a pipe and no "set -o pipefail", so that a failure before the pipe would not be seen']
      : []),
    ...(/(?:2>>?|&>>?|>&)\s*\/dev\/null/.test(shell) || /\/dev\/null\s+2>&1/.test(shell)
      ? ['it throws its errors away (/dev/null): cron mails them, or keep them in a log']
      : []),
  ];
}

/** What is wrong with a schedule: five fields, or one of cron's nicknames. */
export function scheduleFaults(schedule: string): string[] {
  if (schedule.startsWith('@')) return NICKNAMES.includes(schedule) ? [] : [`cron knows no ${schedule}`];
  return schedule.split(' ').flatMap((text, index) => {
    const field = FIELDS[index];
    return field && !text.split(',').every((part) => fits(part, field)) ? [`"${text}" is no ${field.name}`] : [];
  });
}

function fits(part: string, { from, to, words }: (typeof FIELDS)[number]): boolean {
  const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  if (range === '' || (step !== undefined && (Number(step) < 1 || Number(step) > to))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((text) => {
    const word = (words as readonly string[]).indexOf(text.toLowerCase());
    return word >= 0 ? word + from : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  });
  const [first = Number.NaN, last = first] = ends;
  // A step after a single number is not of crontab(5), though some crons take it.
  return ends.length <= 2 && first >= from && last <= to && first <= last && (step === undefined || ends.length === 2);
}

/** The command as the shell gets it. */
function unescaped(command: string): string {
  return command.replaceAll('\\%', '%');
}

/** Whether a shell would see a pipe: `|` outside of quotation marks, but for `||`. */
function hasPipe(shell: string): boolean {
  const bare = shell.replace(/\\./g, '').replace(/'[^']*'|"[^"]*"/g, '');
  return /(^|[^|>])\|([^|]|$)/.test(bare);
}

/** The lines that tejun keeps in a crontab, under a name, with the settings that hold for them. */
export interface Block {
  name: string;
  /** Such as SHELL and MAILTO: they hold for the lines below them. */
  settings: Readonly<Record<string, string>>;
  lines: readonly string[];
}

const begin = (name: string) => `# tejun ${name}: begin`;
const end = (name: string) => `# tejun ${name}: end`;

/** The block's own lines, from its first mark to its last. */
export function blockLines({ name, settings, lines }: Block): string[] {
  return [begin(name), ...Object.entries(settings).map(([key, value]) => `${key}=${value}`), ...lines, end(name)];
}

/**
 * The crontab with the block in it. Lines of others stay as and where they are. A block that is there is replaced where it
 * stands; a new one goes to the end, because its settings hold for every line below it.
 */
export function merge(crontab: string, block: Block): string {
  const lines = linesOf(crontab);
  const first = lines.indexOf(begin(block.name));
  const last = lines.indexOf(end(block.name), first);
  const own = blockLines(block);
  const merged =
    first >= 0 && last >= 0
      ? [...lines.slice(0, first), ...own, ...lines.slice(last + 1)]
      : [...lines, ...(lines.length > 0 && lines.at(-1) !== '' ? [''] : []), ...own];
  // cron refuses a file whose last line has no end.
  return `${merged.join('\n')}\n`;
}

/** A crontab's lines, without the three that some crons print above it (`DO NOT EDIT THIS FILE`), which would pile up. */
export function linesOf(crontab: string): string[] {
  const lines = crontab.replace(/\n$/, '').split('\n');
  if (lines[0]?.startsWith('# DO NOT EDIT THIS FILE')) {
    const rest = lines.slice(1);
    while (/^# \(/.test(rest[0] ?? '')) rest.shift();
    return rest.length === 1 && rest[0] === '' ? [] : rest;
  }
  return lines.length === 1 && lines[0] === '' ? [] : lines;
}

/** What changes between two crontabs, as a diff's lines: `- ` for what goes, `+ ` for what comes. */
export function difference(before: string, after: string): string[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  )
    tail += 1;
  return [
    ...old.slice(head, old.length - tail).map((line) => `- ${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+ ${line}`),
  ];
}

/** Lines of others that do by hand what the block does: jobs whose command has one of `marks` in it, outside of the block. */
export function rivals(crontab: string, block: Block, marks: readonly string[]): string[] {
  const lines = linesOf(crontab);
  const first = lines.indexOf(begin(block.name));
  const last = lines.indexOf(end(block.name), first);
  return lines.filter((line, index) => {
    if (first >= 0 && index >= first && index <= last) return false;
    const job = readJob(line);
    return job !== undefined && marks.some((mark) => job.command.includes(mark));
  });
}
