/** The manual page, from the command line itself and the table of exit codes. */
import type { Command } from 'commander';

/** tejun(1) as roff, with the macros of man(7). @param exitCodes docs/exit-codes.md @param version of tejun */
export function manPage(program: Command, exitCodes: string, version: string): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const home = program.commands.find((command) => command.name() === 'home');
  const lines = [
    `.TH TEJUN 1 ${REVISED} "tejun ${version}" "User Commands"`,
    '.SH NAME',
    `tejun \\- ${roff('walk a deployment runbook, and seal a log of everything that was done')}`,
    '.SH SYNOPSIS',
    ...synopsis(home ?? program, 'tejun'),
    ...commands.flatMap((command) => ['.br', ...synopsis(command, `tejun ${command.name()}`)]),
    '.SH DESCRIPTION',
    roff(program.description()),
    '.PP',
    roff(
      'A runbook is a Markdown file. Without a command tejun opens its screens: choose a runbook, an environment and what to do, and walk it step by step. Each run writes a journal that anyone can verify.',
    ),
    ...(home ? options(home) : []),
    '.SH COMMANDS',
    ...commands.flatMap((command) => section(command, `tejun ${command.name()}`)),
    '.SH EXIT STATUS',
    ...codes(exitCodes),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, text]) => ['.TP', `.B ${roff(name)}`, roff(text)]),
    '.SH EXAMPLES',
    ...examples(program),
    '.SH SEE ALSO',
    '.BR ssh\\-keygen (1),',
    '.BR flock (1)',
  ];
  // A heading begins a paragraph of its own.
  const kept = lines.filter((line, index) => line !== '.PP' || !/^\.S[HS] /.test(lines[index - 1] ?? ''));
  return `${kept.join('\n')}\n`;
}

/** When the page's own words were last looked over. */
const REVISED = '2026-11-25';

const ENVIRONMENT = [
  ['TEJUN_HOME', 'where the state lives; otherwise the XDG data directory'],
  ['TEJUN_OPERATOR', 'who signs, as alice@ops; otherwise user@host'],
  ['TEJUN_DEBUG', 'shows the stack of a fault of tejun'],
  ['SSH_AUTH_SOCK', 'the agent that is asked to sign'],
  ['ACCESSIBLE', 'plain lines instead of screens'],
  ['NO_COLOR, TERM, LC_ALL, LC_MESSAGES, LANG', 'as usual'],
] as const;

function synopsis(command: Command, name: string): string[] {
  const what = command.registeredArguments.map((argument) => {
    const shown = `${argument.name().toUpperCase()}${argument.variadic ? '...' : ''}`;
    return argument.required ? shown : `[${shown}]`;
  });
  const rest = command.commands.length > 0 ? ['COMMAND'] : what;
  return [`.B ${roff(name)}`, roff(['[OPTION...]', ...rest].join(' '))];
}

function section(command: Command, name: string): string[] {
  const below = command.commands.filter((each) => each.name() !== 'help');
  const aliases = command.aliases();
  return [
    `.SS ${roff(name)}${aliases.length > 0 ? roff(` (or ${aliases.join(', ')})`) : ''}`,
    roff(sentence(command.description())),
    ...command.registeredArguments
      .filter((argument) => argument.description !== '')
      .flatMap((argument) => ['.TP', `.I ${roff(argument.name().toUpperCase())}`, roff(argument.description)]),
    ...options(command),
    ...examples(command),
    ...below.flatMap((each) => section(each, `${name} ${each.name()}`)),
  ];
}

function options(command: Command): string[] {
  return command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ flags, description, argChoices, mandatory }) => {
      const words = argChoices ? ` (${argChoices.join(', ')})` : '';
      return ['.TP', `.B ${roff(flags)}`, roff(`${description}${words}${mandatory ? '; required' : ''}`)];
    });
}

/** What `--help` says after its options. */
function examples(command: Command): string[] {
  let all = '';
  command.configureOutput({ writeOut: (text) => (all += text) }).outputHelp();
  const rest = all.slice(command.helpInformation().length).trim();
  if (rest === '') return [];
  return rest.split(/\n{2,}/).flatMap((block) => {
    const rows = block.split('\n');
    const verbatim = rows.some((row) => row.startsWith('  '));
    if (!verbatim) return ['.PP', roff(rows.join(' '))];
    return ['.PP', roff(rows[0] ?? ''), '.PP', '.nf', ...rows.slice(1).map((row) => roff(row)), '.fi'];
  });
}

function codes(page: string): string[] {
  const rows = page.matchAll(/^\| (\d+) \| `(\w+)` \| (.+) \|$/gm);
  return [...rows].flatMap(([, code = '', , text = '']) => ['.TP', `.B ${code}`, roff(text.replaceAll('`', ''))]);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Text that roff prints as it is. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '...')
    .replaceAll('·', '\\(bu')
    .replace(/^([.'])/, '\\&$1');
}
