import type { Argument, Command, Option } from 'commander';
import { shellQuote } from '../exec/quote.ts';

/** A command as completion sees it. */
export interface CommandShape {
  name: string;
  aliases: readonly string[];
  description: string;
  options: readonly OptionShape[];
  /** What stands behind the command: words to choose from, a runbook, or whatever (a file). */
  arguments: readonly { words?: readonly string[]; runbook: boolean }[];
  commands: readonly CommandShape[];
}

export interface OptionShape {
  flags: readonly string[];
  description: string;
  /** Whether a value follows. */
  takes: boolean;
  /** The values that it may have. */
  words?: readonly string[];
}

export type Shell = 'bash' | 'zsh' | 'fish';

/** The shape of a command and of everything under it; hidden ones are left out, the default one is the program itself. */
export function shapeOf(command: Command): CommandShape {
  const help = command.createHelp();
  const standard = command.commands.find((each) => each.name() === 'home');
  const own = standard ? [...standard.options, ...command.options] : command.options;
  return {
    name: command.name(),
    aliases: command.aliases(),
    description: command.description(),
    options: [...own.map(optionShape), { flags: ['-h', '--help'], description: 'explain it', takes: false }],
    arguments: (standard ?? command).registeredArguments.map(argumentShape),
    commands: help
      .visibleCommands(command)
      .filter((each) => each.name() !== 'help')
      .map(shapeOf),
  };
}

function optionShape({ short, long, description, required, optional, argChoices }: Option): OptionShape {
  const flags = [short, long].filter((flag) => flag !== undefined);
  return { flags, description, takes: required || optional, ...(argChoices ? { words: argChoices } : {}) };
}

function argumentShape(argument: Argument): CommandShape['arguments'][number] {
  const words = argument.argChoices;
  return { runbook: argument.name() === 'runbook', ...(words ? { words } : {}) };
}

/** The script that completes tejun in a shell: words only, no program is run while somebody types. Pure. */
export function completionScript(shell: Shell, program: CommandShape, runbooks: readonly string[]): string {
  if (shell === 'fish') return fish(program, runbooks);
  return shell === 'bash' ? bash(program, runbooks) : zsh(program, runbooks);
}

/** Every command by the words that lead to it: `run`, `config set`, and nothing for the program itself. */
function places(shape: CommandShape, path: readonly string[] = []): { path: readonly string[]; shape: CommandShape }[] {
  const below = shape.commands.flatMap((each) =>
    [each.name, ...each.aliases].flatMap((name) => places(each, [...path, name])),
  );
  return [{ path, shape }, ...below];
}

function argumentWords({ arguments: all, commands }: CommandShape, runbooks: readonly string[]): string[] {
  const names = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
  return [...names, ...all.flatMap(({ words = [], runbook }) => (runbook ? runbooks : words))];
}

/** The cases of a shell, bash's and zsh's alike, that follow the words of a command line to the command that they name. */
function placeCases(all: ReturnType<typeof places>): string {
  const named = all.map(({ path }) => path.join(' ')).filter((place) => place !== '');
  return named.map((place) => `      ${shellQuote(place)}) place=${shellQuote(place)} ;;`).join('\n');
}

const HEAD = 'Completion of tejun, made from its command line: tejun completion';

function bash(program: CommandShape, runbooks: readonly string[]): string {
  const all = places(program);
  const cases = all.map(({ path, shape }) => {
    const flags = shape.options.flatMap((option) => option.flags);
    const words = argumentWords(shape, runbooks);
    const valued = shape.options.filter(({ takes }) => takes);
    const values = valued.map(
      ({ flags, words }) =>
        `        ${flags.join('|')}) ${words ? `words=${shellQuote(words.join(' '))}` : 'files=1'} ;;`,
    );
    return [
      `    ${shellQuote(path.join(' '))})`,
      `      flags=${shellQuote(flags.join(' '))} words=${shellQuote(words.join(' '))}`,
      ...(values.length > 0 ? ['      case $previous in', ...values, '      esac'] : []),
      '      ;;',
    ].join('\n');
  });
  return `# ${HEAD} bash
_tejun() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local place= word flags= words= files= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "\${place:+$place }$word" in
${placeCases(all)}
    esac
  done
  case $place in
${cases.join('\n')}
  esac
  case $current in
    -*) [ "$files" ] || words=$flags ;;
  esac
  COMPREPLY=()
  [ "$files" ] || COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _tejun tejun
`;
}

function zsh(program: CommandShape, runbooks: readonly string[]): string {
  const all = places(program);
  const entry = (name: string, text: string) => shellQuote(`${name.replaceAll(':', '\\:')}:${text}`);
  const cases = all.map(({ path, shape }) => {
    const described = [
      ...shape.commands.flatMap(({ name, aliases, description }) =>
        [name, ...aliases].map((each) => entry(each, description)),
      ),
      ...argumentWords({ ...shape, commands: [] }, runbooks).map((word) => shellQuote(word)),
    ];
    const flags = shape.options.flatMap(({ flags, description }) => flags.map((flag) => entry(flag, description)));
    const valued = shape.options.filter(({ takes }) => takes);
    const values = valued.map(({ flags, words }) =>
      words
        ? `        ${flags.join('|')}) compadd -- ${words.map(shellQuote).join(' ')}; return ;;`
        : `        ${flags.join('|')}) _files; return ;;`,
    );
    return [
      `    ${shellQuote(path.join(' '))})`,
      ...(values.length > 0 ? ['      case $words[CURRENT-1] in', ...values, '      esac'] : []),
      `      named=(${described.join(' ')})`,
      `      flags=(${flags.join(' ')})`,
      '      ;;',
    ].join('\n');
  });
  return `#compdef tejun
# ${HEAD} zsh
_tejun() {
  local place= word index
  local -a named flags
  for ((index = 2; index < CURRENT; index++)); do
    word=$words[index]
    case "\${place:+$place }$word" in
${placeCases(all)}
    esac
  done
  case $place in
${cases.join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe 'option' flags
  else
    _describe 'argument' named
    _files
  fi
}
if [[ $funcstack[1] == _tejun ]]; then
  _tejun "$@"
else
  compdef _tejun tejun
fi
`;
}

function fish(program: CommandShape, runbooks: readonly string[]): string {
  const lines = places(program).flatMap(({ path, shape }) => {
    const when = shellQuote(condition(path, shape));
    const options = shape.options.map(({ flags, description, takes, words }) => {
      const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      const value = words ? ` -x -a ${shellQuote(words.join(' '))}` : takes ? ' -r -F' : '';
      return `complete -c tejun -n ${when} ${names.join(' ')}${value} -d ${shellQuote(description)}`;
    });
    const commands = shape.commands.flatMap(({ name, aliases, description }) =>
      [name, ...aliases].map((each) => `complete -c tejun -n ${when} -a ${each} -d ${shellQuote(description)}`),
    );
    const words = argumentWords({ ...shape, commands: [] }, runbooks);
    return [
      ...options,
      ...commands,
      ...(words.length > 0 ? [`complete -c tejun -n ${when} -a ${shellQuote(words.join(' '))}`] : []),
    ];
  });
  return `# ${HEAD} fish\n${lines.join('\n')}\n`;
}

/** When a line of fish's holds: behind these words, and behind no word that leads further. */
function condition(path: readonly string[], { commands }: CommandShape): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const further = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
  const none = further.length > 0 ? [`not __fish_seen_subcommand_from ${further.join(' ')}`] : [];
  return [...seen, ...none].join('; and ') || 'true';
}
