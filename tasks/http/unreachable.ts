import type { ProblemDetail } from '../../src/problem.ts';

/** What a Node or undici error code means to the person who reads it. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the other side closed the connection',
  UND_ERR_SOCKET: 'the other side closed the connection',
  EPIPE: 'the other side closed the connection',
  ENOTFOUND: 'its host name is not known (DNS)',
  EAI_AGAIN: 'its host name could not be looked up (DNS)',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'its answer broke off',
  HPE_INVALID_CONSTANT: 'what answers there does not speak HTTP',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
};

/** A URL to show: without a user name or password. */
export function shown(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.username = '';
    parsed.password = '';
    return parsed.href;
  } catch {
    return url;
  }
}

/** A request that had no answer. */
export type NoAnswer = ProblemDetail & { code: 'http-timeout' | 'http-stopped' | 'http-unreachable' };

/** Why no answer came. @param signal the step's, for the reason of a stop. Pure. */
export function unreachable(error: unknown, url: string, signal: AbortSignal): NoAnswer {
  const where = shown(url);
  const next = [`curl -v '${where}'`];
  if (signal.aborted) {
    const timedOut = signal.reason === 'timeout';
    return {
      code: timedOut ? 'http-timeout' : 'http-stopped',
      what: timedOut ? `${where} did not answer in time.` : `The request to ${where} was stopped.`,
      next,
    };
  }
  const code = codeOf(error);
  const meaning = (code && MEANINGS[code]) ?? (code ? `it failed with ${code}` : 'the request failed');
  return { code: 'http-unreachable', what: `No answer from ${where}: ${meaning}.`, next };
}

/** The first code in an error, its causes, or the errors of its addresses (IPv6, then IPv4). */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  if (Array.isArray(errors)) {
    const [first] = errors.flatMap((one) => codeOf(one) ?? []);
    if (first) return first;
  }
  return codeOf(cause);
}
