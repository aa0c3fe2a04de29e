/** An exception as a program of Python logs it. */
export interface Traceback {
  /** Its last line: `psycopg.errors.UndefinedTable: relation "tenants" does not exist`. */
  exception: string;
  /** All of its lines, from the line that was asked for. */
  lines: readonly string[];
}

const BEGINS = /^\s*Traceback \(most recent call last\):/;
const CHAINS = /^(The above exception was the direct cause|During handling of the above exception)/;
/** An exception's name, with or without what it says. */
const EXCEPTION = /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?::.*)?$/;
/** Between the line with the id and its traceback other requests may have logged a few lines. */
const NEAR = 40;

/**
 * The traceback that belongs to a line of the log: the one that begins there or soon after. Of a chain the last exception
 * counts, which is the one that was not handled. Undefined when there is none. Pure.
 *
 * @param at index of the line with the error's id
 */
export function tracebackFrom(lines: readonly string[], at: number): Traceback | undefined {
  let begin = lines.findIndex((line, index) => index >= at && index <= at + NEAR && BEGINS.test(line));
  let found: Traceback | undefined;
  while (begin >= 0) {
    const end = lines.findIndex((line, index) => index > begin && !/^\s/.test(line) && EXCEPTION.test(line));
    if (end < 0) break;
    found = { exception: lines[end] ?? '', lines: lines.slice(at, end + 1) };
    const next = lines.findIndex((line, index) => index > end && line.trim() !== '');
    if (next < 0 || !CHAINS.test(lines[next] ?? '')) break;
    begin = lines.findIndex((line, index) => index > next && BEGINS.test(line));
  }
  return found;
}

/** What kind of fault an exception is, as far as the recovery differs. Pure. */
export function faultOf(exception: string): 'schema' | 'database' | 'build' | 'code' {
  if (/UndefinedTable|UndefinedColumn|NoSuchTableError/.test(exception)) return 'schema';
  if (/OperationalError|InterfaceError|connection/i.test(exception)) return 'database';
  if (/ModuleNotFoundError|ImportError/.test(exception)) return 'build';
  return 'code';
}
