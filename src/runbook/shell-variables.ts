/** A variable that a shell script expands. `index` is that of the `$`, in UTF-16 code units. */
export interface ShellReference {
  name: string;
  index: number;
  length: number;
  /** `${name:-…}` and its kin say what to do when it is not set. */
  guarded: boolean;
}

/** Variables that a shell sets itself, or that every host has. */
const SHELL_OWN =
  /^(_|BASH.*|COLUMNS|DIRSTACK|EDITOR|EPOCHREALTIME|EPOCHSECONDS|EUID|FUNCNAME|GROUPS|HISTFILE|HOME|HOSTNAME|HOSTTYPE|IFS|LANG|LC_[A-Z]+|LINENO|LINES|LOGNAME|MACHTYPE|MAPFILE|OLDPWD|OPTARG|OPTERR|OPTIND|OSTYPE|PATH|PIPESTATUS|PPID|PS[0-4]|PWD|RANDOM|REPLY|SECONDS|SHELL|SHELLOPTS|SHLVL|SRANDOM|TERM|TMPDIR|TZ|UID|USER|XDG_[A-Z_]+)$/;

export function isShellOwn(name: string): boolean {
  return SHELL_OWN.test(name);
}

/**
 * The variables that a bash or sh script expands, in order. Text in single quotes, comments, `$'…'` and here-documents with a
 * quoted delimiter is not expanded by the shell, so not looked at. This is a reader for lint, not a shell: where a script is
 * too clever for it, it finds fewer variables, never wrong places.
 */
export function shellReferences(script: string): ShellReference[] {
  return new Scanner(script).scan();
}

/** Names that the script gives a value itself: assignments, `for`, `read`, `local`, `getopts`, `printf -v`, `mapfile`. */
export function shellAssignments(script: string): Set<string> {
  const names = new Set<string>();
  const take = (pattern: RegExp) => {
    for (const match of script.matchAll(pattern)) {
      for (const [name] of (match[1] ?? '').matchAll(/[A-Za-z_]\w*/g)) names.add(name);
    }
  };
  take(/(?:^|[\s;&|("'`{])([A-Za-z_]\w*)(?:\[[^\]]*\])?[-+*/%]?=/gm);
  take(/\b(?:for|select)\s+([A-Za-z_]\w*)\b/g);
  take(/\b(?:read|mapfile|readarray|local|declare|typeset|readonly|unset)\b([^\n;|&<>()]*)/g);
  take(/\bgetopts\s+\S+\s+([A-Za-z_]\w*)/g);
  take(/\bprintf\s+-v\s+([A-Za-z_]\w*)/g);
  take(/\(\(([^)]*)\)\)/g);
  return names;
}

interface HereDocument {
  delimiter: string;
  quoted: boolean;
  dashed: boolean;
}

class Scanner {
  readonly #text: string;
  readonly #found: ShellReference[] = [];
  #at = 0;
  #pending: HereDocument[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): ShellReference[] {
    while (this.#at < this.#text.length) {
      this.#code(undefined);
      // A closing bracket that nothing opened: `case` patterns have them.
      this.#at += 1;
    }
    return this.#found.sort((a, b) => a.index - b.index);
  }

  /** Reads commands up to the closing character, which is left for the caller. */
  #code(until: string | undefined): void {
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at];
      if (char === until) return;
      if (char === '\\') this.#at += 2;
      else if (char === "'") this.#skipPast("'", this.#at + 1);
      else if (char === '"') this.#quoted();
      else if (char === '$') this.#dollar(true);
      else if (char === '#' && this.#atWordStart()) this.#skipTo('\n');
      else if (char === '(') {
        this.#at += 1;
        this.#code(')');
        this.#at += 1;
      } else if (char === '<' && this.#text.startsWith('<<<', this.#at)) this.#at += 3;
      else if (char === '<' && this.#text.startsWith('<<', this.#at)) this.#hereDocument();
      else if (char === '\n') this.#newline();
      else this.#at += 1;
    }
  }

  #atWordStart(): boolean {
    return this.#at === 0 || /[\s;&|()]/.test(this.#text[this.#at - 1] ?? '');
  }

  #quoted(): void {
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const char = this.#text[this.#at];
      if (char === '\\') this.#at += 2;
      else if (char === '$') this.#dollar(false);
      else this.#at += 1;
    }
    this.#at += 1;
  }

  #dollar(unquoted: boolean): void {
    const start = this.#at;
    const next = this.#text[start + 1];
    if (next === '(') {
      this.#at = start + 2;
      this.#code(')');
      this.#at += 1;
    } else if (next === '{') this.#braces();
    else if (next === "'" && unquoted) this.#ansiQuoted();
    else {
      const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(start + 1, start + 129))?.[0];
      if (name !== undefined) this.#found.push({ name, index: start, length: name.length + 1, guarded: false });
      this.#at = start + 1 + (name?.length ?? 0);
    }
  }

  /** `${…}`: its name, and what is expanded inside it. */
  #braces(): void {
    const start = this.#at;
    const [head, name, operator] =
      /^\$\{[#!]?([A-Za-z_]\w*)?(?:\[[^\]\n]*\])?(:?[-+=?])?/.exec(this.#text.slice(start, start + 256)) ?? [];
    this.#at = start + (head?.length ?? 2);
    const reference = { name: name ?? '', index: start, length: 0, guarded: operator !== undefined };
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      const char = this.#text[this.#at];
      if (char === '\\') this.#at += 2;
      else if (char === '$') this.#dollar(false);
      else this.#at += 1;
    }
    this.#at += 1;
    if (name !== undefined) this.#found.push({ ...reference, length: Math.min(this.#at, this.#text.length) - start });
  }

  #ansiQuoted(): void {
    this.#at += 2;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "'")
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    this.#at += 1;
  }

  #hereDocument(): void {
    const [all, dash, quote, word] =
      /^<<(-?)[ \t]*(["'\\]?)([\w.-]+)["']?/.exec(this.#text.slice(this.#at, this.#at + 256)) ?? [];
    if (all === undefined || word === undefined) {
      this.#at += 2;
      return;
    }
    this.#pending.push({ delimiter: word, quoted: quote !== '', dashed: dash === '-' });
    this.#at += all.length;
  }

  #newline(): void {
    this.#at += 1;
    const pending = this.#pending;
    this.#pending = [];
    for (const document of pending) {
      while (this.#at < this.#text.length) {
        const end = this.#text.indexOf('\n', this.#at);
        const lineEnd = end < 0 ? this.#text.length : end;
        const line = this.#text.slice(this.#at, lineEnd);
        if ((document.dashed ? line.replace(/^\t+/, '') : line) === document.delimiter) {
          this.#at = lineEnd;
          break;
        }
        while (!document.quoted && this.#at < lineEnd) {
          const char = this.#text[this.#at];
          if (char === '\\') this.#at += 2;
          else if (char === '$') this.#dollar(false);
          else this.#at += 1;
        }
        this.#at = Math.max(this.#at, lineEnd + 1);
      }
    }
  }

  #skipPast(char: string, from: number): void {
    const found = this.#text.indexOf(char, from);
    this.#at = found < 0 ? this.#text.length : found + 1;
  }

  #skipTo(char: string): void {
    const found = this.#text.indexOf(char, this.#at);
    this.#at = found < 0 ? this.#text.length : found;
  }
}
