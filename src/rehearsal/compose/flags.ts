/** The words after a command of Docker, as pflag reads them. Pure. */

/** A flag's spellings, and whether a value follows. */
export interface FlagSpec {
  long: string;
  short?: string;
  value?: boolean;
}

export interface Words {
  flags: Readonly<Record<string, readonly string[]>>;
  args: readonly string[];
}

/** A flag that the command does not have, or that lacks its value; text as pflag has it. */
export class FlagError extends Error {}

/**
 * Reads flags and arguments.
 *
 * @param interspersed whether flags may stand after the first argument; not where a command follows (`exec`)
 * @throws FlagError
 */
export function readFlags(words: readonly string[], specs: readonly FlagSpec[], interspersed = true): Words {
  const flags: Record<string, string[]> = {};
  const args: string[] = [];
  const put = (spec: FlagSpec, value: string): void => {
    const values = flags[spec.long] ?? [];
    values.push(value);
    flags[spec.long] = values;
  };
  let index = 0;
  const next = (spelling: string): string => {
    index += 1;
    const value = words[index];
    if (value === undefined) throw new FlagError(`flag needs an argument: ${spelling}`);
    return value;
  };
  for (; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') {
      args.push(...words.slice(index + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=');
      const spec = specs.find(({ long }) => long === name);
      if (!spec) throw new FlagError(`unknown flag: --${name}`);
      put(spec, rest.length > 0 ? rest.join('=') : spec.value ? next(`--${name}`) : 'true');
    } else if (word.startsWith('-') && word !== '-') readShort(word);
    else {
      args.push(word);
      if (!interspersed) {
        args.push(...words.slice(index + 1));
        break;
      }
    }
  }
  return { flags, args };

  function readShort(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      const spec = specs.find(({ short }) => short === letter);
      if (!spec) throw new FlagError(`unknown shorthand flag: '${letter}' in ${word}`);
      if (!spec.value) {
        put(spec, 'true');
        continue;
      }
      const rest = word.slice(at + 1).replace(/^=/, '');
      put(spec, rest === '' ? next(`'${letter}' in ${word}`) : rest);
      return;
    }
  }
}

/** The last value of a flag. */
export function flagOf({ flags }: Words, name: string): string | undefined {
  return flags[name]?.at(-1);
}

export function isSet(words: Words, name: string): boolean {
  return /^(1|t|true)$/i.test(flagOf(words, name) ?? '');
}
