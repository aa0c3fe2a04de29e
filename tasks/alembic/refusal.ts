import type { Exit } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { cutShort } from '../cut-short.ts';
import { asleep } from '../fly/asleep.ts';
import { lastLine } from '../last-line.ts';

/** An exception's last line: `sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation …`. */
const EXCEPTION = /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception): .+$/;

const UNREACHABLE = /OperationalError|ConnectionRefusedError|Connection refused|could not translate host name/;
const WRONG_URL =
  /NoSuchModuleError|unexpected keyword argument 'sslmode'|Could not parse SQLAlchemy URL|KeyError: 'DATABASE_URL'/;

/**
 * Why an alembic command failed, and what to do. Pure. The text decides, not the exit code: alembic's 255 arrives as 1
 * through `flyctl ssh console`. `FAILED:` stands on standard output.
 *
 * @param ran the command as an operator would type it
 * @param signal the step's, for the reason of a stop
 */
export function alembicRefusal(ran: string, exit: Exit, signal: AbortSignal): ProblemDetail {
  const cut = cutShort(exit, signal);
  if (cut) {
    return {
      code: 'alembic-interrupted',
      what: `"${ran}" ${cut} before it ended.`,
      means: 'PostgreSQL undoes the migration that was running; those before it stay.',
      next: ['look where the database is: alembic current'],
    };
  }
  const sleeping = asleep(exit.stderr);
  if (sleeping) return sleeping;
  const failed = /^\s*FAILED: (.+)$/m.exec(exit.stdout)?.[1];
  if (failed) return refusedByAlembic(failed, ran);
  const said = exception(exit.stderr) ?? exception(exit.stdout) ?? lastLine(exit.stderr) ?? lastLine(exit.stdout);
  const text = `${exit.stderr}\n${exit.stdout}`;
  if (/alembic.*(?:not found|No such file)|No module named alembic/.test(text) || exit.code === 127) {
    return {
      code: 'alembic-missing',
      what: 'There is no alembic where this step runs.',
      ...(said ? { means: said } : {}),
      next: ['name the way to it: command: python -m alembic', 'or the directory of the project: directory: /app'],
    };
  }
  if (WRONG_URL.test(text)) {
    return {
      code: 'alembic-database-url',
      what: `DATABASE_URL is not one that this project’s driver takes: ${said}`,
      means: 'SQLAlchemy knows no postgres://, and asyncpg no sslmode. Nothing was migrated.',
      next: ['set DATABASE_URL as postgresql+asyncpg://… without sslmode'],
    };
  }
  if (UNREACHABLE.test(text)) {
    return {
      code: 'alembic-database-unreachable',
      what: `The database cannot be reached: ${said}`,
      means: 'A migration that was cut off is rolled back by PostgreSQL; those before it stand.',
      next: ['see whether the database runs, and whether its address and password are right'],
    };
  }
  return {
    code: 'alembic-failed',
    what: `"${ran}" failed: ${said ?? `exit code ${exit.code}, and no word why`}`,
    next: ['read its output (l)'],
  };
}

function refusedByAlembic(failed: string, ran: string): ProblemDetail {
  const unknown = /Can't locate revision identified by '([^']+)'/.exec(failed)?.[1];
  if (unknown !== undefined) {
    return {
      code: 'alembic-revision-unknown',
      what: `The code here has no revision ${unknown}.`,
      means: 'The database was migrated by newer code than this. Nothing was changed.',
      next: [
        'go back with the code that has the revision: downgrade first, then deploy the older code',
        'alembic history',
      ],
    };
  }
  if (/Multiple head revisions/.test(failed)) {
    return {
      code: 'alembic-multiple-heads',
      what: 'The code has several heads: two changes build on the same revision.',
      means: 'Nothing was changed.',
      next: ['alembic heads', 'let a developer merge them: alembic merge heads'],
    };
  }
  return { code: 'alembic-failed', what: `alembic refused: ${failed}`, means: 'Nothing was changed.', next: [ran] };
}

function exception(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => EXCEPTION.test(line))
    ?.slice(0, 500);
}
