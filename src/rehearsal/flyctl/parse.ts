/**
 * Reads an argument vector as flyctl does. The rules are those of its libraries, cobra and pflag: which word names the
 * command, which flags exist, how many arguments there may be, and in what order the errors come. Pure.
 */
import { type CommandEntry, childOf, commandAt, type Flag } from './table.ts';

/** A command line that the real program would run. */
export interface Invocation {
  command: CommandEntry;
  /** Values by canonical name; a switch is `true`; a flag given several times keeps all. */
  flags: ReadonlyMap<string, readonly string[]>;
  args: readonly string[];
}

export type Parsed =
  | { kind: 'run'; invocation: Invocation; notice?: string }
  | { kind: 'help'; command: CommandEntry; notice?: string }
  | { kind: 'version' }
  | { kind: 'refused'; message: string; stdout?: string; notice?: string };

class Refusal extends Error {}

/** `argv` without the program; `program` is the name under which it was started, for the messages. */
export function parseArgv(argv: readonly string[], program: string): Parsed {
  const { command, rest } = findCommand(argv);
  const notice = command.deprecated
    ? `Command "${command.path.split(' ').at(-1)}" is deprecated, ${command.deprecated}\n`
    : undefined;
  const said = notice ? { notice } : {};
  try {
    if (command.path === '') refuseUnknownRoot(rest, command, program);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', message: error.message, stdout: `Run '${program} --help' for usage.\n` };
  }
  try {
    const { flags, args } = parseFlags(command, rest);
    if (flags.get('help')?.at(-1) === 'true') return { kind: 'help', command, ...said };
    if (command.path === '' && flags.get('version')?.at(-1) === 'true') return { kind: 'version' };
    if (command.group) return { kind: 'help', command, ...said };
    checkCount(command, args, program);
    return { kind: 'run', invocation: { command, flags, args }, ...said };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', message: error.message, ...said };
  }
}

/** Walks down the tree by the words that are not flags, as cobra's `Find` does before any flag is known. */
function findCommand(argv: readonly string[]): { command: CommandEntry; rest: string[] } {
  let command = rootCommand();
  let rest = [...argv];
  for (;;) {
    const at = firstWord(command, rest);
    const word = at === undefined ? undefined : rest[at];
    if (at === undefined || word === undefined) break;
    const child = childOf(command.path, word);
    if (!child) break;
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)];
    command = child;
  }
  return { command, rest };
}

function rootCommand(): CommandEntry {
  const root = commandAt('');
  if (!root) throw new Error('the root command is missing');
  return root;
}

/** Index of the first word that is neither a flag nor what an (even unknown) flag before it would consume. */
function firstWord(command: CommandEntry, args: readonly string[]): number | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') return undefined;
    const long = arg.startsWith('--');
    if (long || (arg.startsWith('-') && arg.length > 1)) {
      if (arg.includes('=') || (!long && arg.length !== 2)) continue;
      const flag = long ? byName(command.flags, arg.slice(2)) : byShort(command.flags, arg.slice(1));
      if (!flag?.optional) index += 1;
    } else if (arg !== '') {
      return index;
    }
  }
  return undefined;
}

function refuseUnknownRoot(rest: readonly string[], root: CommandEntry, program: string): void {
  const at = firstWord(root, rest);
  if (at !== undefined) throw new Refusal(`unknown command "${rest[at]}" for "${program}"`);
}

function parseFlags(command: CommandEntry, rest: readonly string[]): { flags: Map<string, string[]>; args: string[] } {
  const flags = new Map<string, string[]>();
  const args: string[] = [];
  const pending = [...rest];
  const set = (flag: Flag, spelled: string, value: string): void => {
    checkValue(flag, spelled, value);
    flags.set(flag.name, [...(flags.get(flag.name) ?? []), value]);
  };
  for (let arg = pending.shift(); arg !== undefined; arg = pending.shift()) {
    if (arg === '--') {
      args.push(...pending);
      break;
    }
    if (arg.startsWith('--')) parseLong(command, arg, pending, set);
    else if (arg.startsWith('-') && arg.length > 1) parseShort(command, arg, pending, set);
    else args.push(arg);
  }
  return { flags, args };
}

type SetFlag = (flag: Flag, spelled: string, value: string) => void;

function parseLong(command: CommandEntry, arg: string, pending: string[], set: SetFlag): void {
  const [name = '', ...values] = arg.slice(2).split('=');
  if (name === '' || name.startsWith('-')) throw new Refusal(`bad flag syntax: ${arg}`);
  const flag = byName(command.flags, name);
  if (!flag) throw new Refusal(`unknown flag: --${name}`);
  const value = arg.includes('=') ? values.join('=') : flag.optional ? 'true' : pending.shift();
  if (value === undefined) throw new Refusal(`flag needs an argument: --${name}`);
  set(flag, spelled(flag), value);
}

/** `-ja app`: a cluster of switches, of which the last may take the rest of the word or the next one as its value. */
function parseShort(command: CommandEntry, arg: string, pending: string[], set: SetFlag): void {
  for (let letters = arg.slice(1); letters !== ''; ) {
    const letter = letters.slice(0, 1);
    const after = letters.slice(1);
    const flag = byShort(command.flags, letter);
    if (!flag) throw new Refusal(`unknown shorthand flag: '${letter}' in -${letters}`);
    const given = after.startsWith('=') && after.length > 1;
    const value = given ? after.slice(1) : flag.optional ? 'true' : after === '' ? pending.shift() : after;
    if (value === undefined) throw new Refusal(`flag needs an argument: '${letter}' in -${letters}`);
    set(flag, spelled(flag), value);
    letters = flag.optional && !given ? after : '';
  }
}

function byName(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.find((flag) => flag.spelling === name);
}

function byShort(flags: readonly Flag[], letter: string): Flag | undefined {
  return flags.find((flag) => flag.short === letter);
}

function spelled(flag: Flag): string {
  return flag.short ? `-${flag.short}, --${flag.spelling}` : `--${flag.spelling}`;
}

/** pflag refuses a value of the wrong kind while it parses, in the words of Go's strconv and time packages. */
function checkValue(flag: Flag, spelled: string, value: string): void {
  const refuse = (why: string): never => {
    throw new Refusal(`invalid argument ${JSON.stringify(value)} for "${spelled}" flag: ${why}`);
  };
  if (flag.kind === 'bool' && !/^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(value)) {
    refuse(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  if (flag.kind === 'int' && !/^[+-]?(\d[\d_]*|0x[\da-f]+)$/i.test(value)) {
    refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  if (flag.kind === 'float' && (value.trim() === '' || Number.isNaN(Number(value)))) {
    refuse(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  if (flag.kind === 'duration' && parseDuration(value) === undefined) {
    refuse(`time: invalid duration ${JSON.stringify(value)}`);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A Go duration such as `1m30s` in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^[+-]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
  const total = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  return text.startsWith('-') ? -total : total;
}

function checkCount(command: CommandEntry, args: readonly string[], program: string): void {
  const [rule, numbers = ''] = (command.args ?? '').split(':');
  const [low = 0, high = low] = numbers.split('-').map(Number);
  const count = args.length;
  if (rule === 'none' && count > 0) throw new Refusal(`unknown command "${args[0]}" for "${program} ${command.path}"`);
  if (rule === 'exact' && count !== low) throw new Refusal(`accepts ${low} arg(s), received ${count}`);
  if (rule === 'min' && count < low) throw new Refusal(`requires at least ${low} arg(s), only received ${count}`);
  if (rule === 'max' && count > low) throw new Refusal(`accepts at most ${low} arg(s), received ${count}`);
  if (rule === 'range' && (count < low || count > high)) {
    throw new Refusal(`accepts between ${low} and ${high} arg(s), received ${count}`);
  }
}
