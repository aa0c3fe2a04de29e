/** The words after `alembic`, as its argparse reads them. Pure. */

export interface Words {
  command: string;
  config: string;
  /** What stands after the command and is no switch. */
  args: readonly string[];
  switches: ReadonlySet<string>;
}

/** A command line that argparse refuses: the usage on standard error, exit 2. */
export class UsageError extends Error {}

/** Every command of alembic 1.19; those that the rehearsal acts out have their switches and number of arguments. */
const COMMANDS: Readonly<Record<string, { switches: readonly string[]; args: number } | undefined>> = {
  branches: undefined,
  check: { switches: [], args: 0 },
  current: { switches: ['--check-heads', '-v', '--verbose'], args: 0 },
  downgrade: { switches: [], args: 1 },
  edit: undefined,
  ensure_version: undefined,
  heads: { switches: ['-v', '--verbose'], args: 0 },
  history: { switches: ['-i', '--indicate-current'], args: 0 },
  init: undefined,
  list_templates: undefined,
  merge: undefined,
  revision: undefined,
  show: undefined,
  stamp: { switches: [], args: 1 },
  upgrade: { switches: [], args: 1 },
};

const USAGE =
  'usage: alembic [-h] [--version] [-c CONFIG] [-n NAME] [-x X] [--raiseerr] [-q]\n               {branches,check,current,downgrade,edit,ensure_version,heads,history,init,list_templates,merge,revision,show,stamp,upgrade} ...';

/** @throws UsageError */
export function readWords(words: readonly string[]): Words {
  let config = 'alembic.ini';
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '-c' || word === '--config') {
      index += 1;
      config = words[index] ?? usage(USAGE, `argument -c/--config: expected at least one argument`);
    } else if (word.startsWith('--config=')) config = word.slice('--config='.length);
    else if (word === '-q' || word === '--quiet' || word === '--raiseerr') continue;
    else break;
  }
  const command = words[index];
  if (command === '--version') return { command: 'version', config, args: [], switches: new Set() };
  if (command === undefined) usage(USAGE, 'too few arguments');
  if (command.startsWith('-')) usage(USAGE, `unrecognized arguments: ${command}`);
  if (!Object.hasOwn(COMMANDS, command)) {
    const names = Object.keys(COMMANDS).join(', ');
    usage(USAGE, `argument {${names.replaceAll(' ', '')}}: invalid choice: '${command}' (choose from ${names})`);
  }
  const grammar = COMMANDS[command];
  if (!grammar) usage(USAGE, `this rehearsal does not act out \`alembic ${command}\``);
  return { command, config, ...readRest(command, grammar, words.slice(index + 1)) };
}

function readRest(
  command: string,
  grammar: { switches: readonly string[]; args: number },
  words: readonly string[],
): Pick<Words, 'args' | 'switches'> {
  const own = `usage: alembic ${command} [-h]${grammar.args > 0 ? ' revision' : ''}`;
  const args: string[] = [];
  const switches = new Set<string>();
  for (const word of words) {
    // argparse takes `-1` for a number, because alembic has no switch that looks like one.
    if (word.startsWith('-') && !/^-\d+$/.test(word)) {
      if (!grammar.switches.includes(word)) usage(USAGE, `unrecognized arguments: ${word}`);
      switches.add(word);
    } else args.push(word);
  }
  if (args.length < grammar.args) usage(own, 'the following arguments are required: revision');
  if (args.length > grammar.args) usage(USAGE, `unrecognized arguments: ${args.slice(grammar.args).join(' ')}`);
  return { args, switches };
}

function usage(text: string, why: string): never {
  throw new UsageError(`${text}\nalembic: error: ${why}`);
}
