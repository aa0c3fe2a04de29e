import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One successful or failed execve(2), as `strace -f -v -e trace=execve` tells it. */
export interface Execution {
  argv: readonly string[];
  env: readonly string[];
}

/** Every execve of a trace. Throws when strace cut a string short: then it would prove nothing. */
export async function* executions(file: string): AsyncGenerator<Execution> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!line.includes('execve(')) continue;
    const lists = listsOf(line);
    if (/"\.\.\./.test(line)) throw new Error('strace cut a string short');
    yield { argv: lists[0] ?? [], env: lists[1] ?? [] };
  }
}

/** The arrays of strings in a line, unescaped: strace writes C strings, octal for what is not ASCII. */
function listsOf(line: string): string[][] {
  const lists: string[][] = [];
  let list: string[] | undefined;
  for (const [token, string] of line.matchAll(/\[|\]|"((?:[^"\\]|\\.)*)"/g)) {
    if (token === '[') list = [];
    else if (token === ']') {
      if (list) lists.push(list);
      list = undefined;
    } else list?.push(fromC(string ?? ''));
  }
  return lists;
}

const NAMED: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8, e: 27 };

/** The text of a C string. */
function fromC(text: string): string {
  const bytes: number[] = [];
  for (const [token, code] of text.matchAll(/\\([0-7]{1,3}|x[0-9a-f]{2}|.)|[^\\]+/g)) {
    if (code === undefined) bytes.push(...Buffer.from(token));
    else if (/^[0-7]/.test(code)) bytes.push(Number.parseInt(code, 8));
    else if (/^x../.test(code)) bytes.push(Number.parseInt(code.slice(1), 16));
    else bytes.push(NAMED[code] ?? code.charCodeAt(0));
  }
  return Buffer.from(bytes).toString();
}
