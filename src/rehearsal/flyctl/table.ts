import source from './commands.json' with { type: 'json' };

/** What a flag takes: nothing (`bool`), or a value of a kind that the real program parses before it runs. */
export type FlagKind = 'bool' | 'string' | 'int' | 'float' | 'duration' | 'strings';

export interface Flag {
  /** Canonical name without dashes; an alias such as `auto-confirm` has the name of what it stands for. */
  name: string;
  /** As it is spelled in messages. */
  spelling: string;
  short?: string;
  kind: FlagKind;
  /** A value may be given only as `--name=value`. */
  optional: boolean;
}

/** One command of the real program, as its source declares it. */
export interface CommandEntry {
  path: string;
  short: string;
  /** Prints help and exits 0 whatever its words are. */
  group: boolean;
  hidden: boolean;
  deprecated?: string;
  /** `none`, `exact:N`, `min:N`, `max:N`, `range:N-M`; anything goes when absent. */
  args?: string;
  needsApp: boolean;
  needsLogin: boolean;
  flags: readonly Flag[];
}

/** Version of the program that the table was read from. */
export const VERSION = source.version;

interface RawEntry {
  short: string;
  group?: boolean;
  hidden?: boolean;
  deprecated?: string;
  args?: string;
  app?: boolean;
  login?: boolean;
  flags?: string;
}

const KINDS: readonly FlagKind[] = ['bool', 'string', 'int', 'float', 'duration', 'strings'];

/** Reads `name,s=kind>alias`, the table's notation: `?=` marks a value that may be left out. */
function readFlag(token: string): Flag {
  const match = /^(?<spelling>[^,=?>]+)(?:,(?<short>.))?(?:(?<optional>\?)?=(?<kind>\w+))?(?:>(?<alias>.+))?$/.exec(
    token,
  );
  const groups = match?.groups;
  const spelling = groups?.['spelling'];
  if (!spelling) throw new Error(`commands.json: cannot read the flag ${token}`);
  const kind = KINDS.find((known) => known === groups['kind']) ?? (groups['kind'] ? 'string' : 'bool');
  return {
    name: groups['alias'] ?? spelling,
    spelling,
    ...(groups['short'] ? { short: groups['short'] } : {}),
    kind,
    optional: kind === 'bool' || groups['optional'] !== undefined,
  };
}

function readFlags(text: string | undefined): Flag[] {
  return text ? text.split(' ').map(readFlag) : [];
}

const raw: Readonly<Record<string, RawEntry>> = source.commands;
const aliases: Readonly<Record<string, string>> = source.aliases;

/** Flags that every command has. */
export const GLOBAL_FLAGS: readonly Flag[] = readFlags(source.global);

/** The command at a canonical path such as `apps create`; the root is the empty path. */
export function commandAt(path: string): CommandEntry | undefined {
  if (path === '') {
    const flags: Flag[] = [
      ...GLOBAL_FLAGS,
      { name: 'version', spelling: 'version', short: 'v', kind: 'bool', optional: true },
    ];
    return {
      path,
      short: 'The Fly.io command line interface',
      group: true,
      hidden: false,
      needsApp: false,
      needsLogin: false,
      flags,
    };
  }
  const entry = raw[path];
  if (!entry) return undefined;
  return {
    path,
    short: entry.short,
    group: entry.group ?? false,
    hidden: entry.hidden ?? false,
    ...(entry.deprecated ? { deprecated: entry.deprecated } : {}),
    ...(entry.args ? { args: entry.args } : {}),
    needsApp: entry.app ?? false,
    needsLogin: entry.login ?? false,
    flags: [...readFlags(entry.flags), ...GLOBAL_FLAGS],
  };
}

/** The command that `word` names below `parent`, aliases followed; undefined when there is none. */
export function childOf(parent: string, word: string): CommandEntry | undefined {
  const path = parent === '' ? word : `${parent} ${word}`;
  return commandAt(aliases[path] ?? path);
}

/** Visible commands directly below `parent`, in the order of their names. */
export function childrenOf(parent: string): readonly CommandEntry[] {
  const depth = parent === '' ? 1 : parent.split(' ').length + 1;
  return Object.keys(raw)
    .filter((path) => path.split(' ').length === depth && (parent === '' || path.startsWith(`${parent} `)))
    .toSorted()
    .flatMap((path) => commandAt(path) ?? [])
    .filter((entry) => !entry.hidden && !entry.deprecated);
}
