import type { ProblemDetail } from '../../src/problem.ts';
import type { Dsn } from './dsn.ts';

/** Parts of a PostgreSQL error that can be shown; its `detail` may quote a row, and is left out. */
export interface ServerError {
  /** SQLSTATE. */
  code: string;
  message: string;
  /** 1-based, in characters of the statement. */
  position?: number;
}

/** The showable parts of what pg threw for an error of the server; undefined for any other error. Pure. */
export function serverError(error: unknown): ServerError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, severity, position } = error as { code?: unknown; severity?: unknown; position?: unknown };
  if (typeof code !== 'string' || typeof severity !== 'string') return undefined;
  return { code, message: error.message, ...(position === undefined ? {} : { position: Number(position) }) };
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'its host name is not known (DNS)',
  EAI_AGAIN: 'its host name could not be looked up (DNS)',
  ETIMEDOUT: 'no connection came about in time',
  ECONNRESET: 'the other side closed the connection',
  EHOSTUNREACH: 'there is no way to its host',
};

/** Why no connection came about, from parts that hold no password. Pure. */
export function connectionProblem(error: unknown, secret: string, { host, port, database }: Dsn): ProblemDetail {
  const where = `${database} on ${host}:${port}`;
  const server = serverError(error);
  // Classes 53 and 57: too few resources, an operator's doing. Both pass.
  if (server && /^5[37]/.test(server.code)) {
    return {
      code: 'postgres-unavailable',
      what: `PostgreSQL takes no connection to ${where} now: ${server.message} (${server.code}).`,
      means: hint(server.code) ?? 'It may pass.',
      next: [`pg_isready -h ${host} -p ${port}`, 'try again'],
    };
  }
  if (server) {
    return {
      code: 'postgres-refused',
      what: `PostgreSQL refused the connection to ${where}: ${server.message} (${server.code}).`,
      means: hint(server.code) ?? 'The server answers, but not with these particulars.',
      next: [`enter ${secret} again`, `pg_isready -h ${host} -p ${port}`],
    };
  }
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const why = /timeout/i.test(message)
    ? 'no connection came about in time'
    : /does not support SSL/i.test(message)
      ? 'the server speaks no TLS, and the URL asks for it (sslmode)'
      : ((code && NETWORK[code]) ?? (code ? `it failed with ${code}` : 'the connection broke off'));
  return {
    code: 'postgres-unreachable',
    what: `There is no connection to ${where}: ${why}.`,
    next: [`pg_isready -h ${host} -p ${port}`, `enter ${secret} again when the host is wrong`],
  };
}

/** What the classes of SQLSTATE mean that come up while connecting (PostgreSQL documentation, appendix A). */
function hint(sqlstate: string): string | undefined {
  if (sqlstate.startsWith('28')) return 'The user or the password is wrong, or may not connect from here.';
  if (sqlstate === '3D000') return 'The database does not exist there.';
  if (sqlstate === '57P03') return 'The server is starting up or shutting down.';
  if (sqlstate === '53300') return 'It has no free connection left.';
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) ? codeOf(errors[0]) : undefined;
}
