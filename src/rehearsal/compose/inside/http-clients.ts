/** `curl` and busybox's `wget`, as far as runbooks use them inside of containers. */
import { request } from 'node:http';
import { FlagError, type FlagSpec, flagOf, isSet, readFlags } from '../flags.ts';
import { route } from '../network.ts';
import type { InsideCall, InsideProgram } from './call.ts';

interface Got {
  status: number;
  reason: string;
  headers: string;
  body: Buffer;
}

type Failure = 'unknown-host' | 'refused' | 'timeout';

const CURL_FLAGS: readonly FlagSpec[] = [
  { long: 'fail', short: 'f' },
  { long: 'silent', short: 's' },
  { long: 'show-error', short: 'S' },
  { long: 'location', short: 'L' },
  { long: 'head', short: 'I' },
  { long: 'include', short: 'i' },
  { long: 'output', short: 'o', value: true },
  { long: 'write-out', short: 'w', value: true },
  { long: 'max-time', short: 'm', value: true },
  { long: 'connect-timeout', value: true },
  { long: 'request', short: 'X', value: true },
  { long: 'header', short: 'H', value: true },
  { long: 'data', short: 'd', value: true },
];

/** Exit codes: 2 usage, 6 no such host, 7 refused, 22 an error status with `-f`, 28 out of time. */
export const curl: InsideProgram = async (call) => {
  try {
    const words = readFlags(call.args, CURL_FLAGS);
    const url = parseUrl(words.args[0]);
    if (!url) return say(call, 'curl: (2) no URL specified\n', 2);
    const method = flagOf(words, 'request') ?? (isSet(words, 'head') ? 'HEAD' : flagOf(words, 'data') ? 'POST' : 'GET');
    const seconds = Number(flagOf(words, 'max-time') ?? 300);
    const got = await get(call, url, {
      method,
      seconds,
      body: flagOf(words, 'data'),
      headers: words.flags['header'] ?? [],
    });
    const quiet = isSet(words, 'silent') && !isSet(words, 'show-error');
    const complain = (text: string, exit: number): number => say(call, quiet ? '' : `curl: (${exit}) ${text}\n`, exit);
    if (typeof got === 'string') {
      if (flagOf(words, 'write-out')) call.out(writeOut(flagOf(words, 'write-out') ?? '', 0));
      const where = `${url.hostname} port ${url.port || 80}`;
      if (got === 'unknown-host') return complain(`Could not resolve host: ${url.hostname}`, 6);
      if (got === 'timeout') return complain(`Operation timed out after ${seconds * 1000} milliseconds`, 28);
      return complain(`Failed to connect to ${where} after 0 ms: Couldn't connect to server`, 7);
    }
    const failed = isSet(words, 'fail') && got.status >= 400;
    if (!failed) {
      if (isSet(words, 'head') || isSet(words, 'include')) call.out(got.headers);
      if (flagOf(words, 'output') === undefined && method !== 'HEAD') call.out(got.body);
    }
    if (flagOf(words, 'write-out')) call.out(writeOut(flagOf(words, 'write-out') ?? '', got.status));
    return failed ? complain(`The requested URL returned error: ${got.status}`, 22) : 0;
  } catch (error) {
    if (error instanceof FlagError) return say(call, `curl: option ${error.message}\n`, 2);
    throw error;
  }
};

const WGET_FLAGS: readonly FlagSpec[] = [
  { long: 'quiet', short: 'q' },
  { long: 'spider' },
  { long: 'server-response', short: 'S' },
  { long: 'output-document', short: 'O', value: true },
  { long: 'timeout', short: 'T', value: true },
  { long: 'tries', short: 't', value: true },
];

/**
 * Busybox's: every failure is exit 1. On Alpine `localhost` is `::1` first, and busybox tries no other address: what listens on
 * IPv4 only refuses it.
 */
export const wget: InsideProgram = async (call) => {
  try {
    const words = readFlags(call.args, WGET_FLAGS);
    const url = parseUrl(words.args[0]);
    if (!url)
      return say(
        call,
        'BusyBox v1.36.1 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...\n',
        1,
      );
    const method = isSet(words, 'spider') ? 'HEAD' : 'GET';
    const seconds = Number(flagOf(words, 'timeout') ?? 900);
    const got =
      url.hostname === 'localhost'
        ? 'refused'
        : await get(call, url, { method, seconds, body: undefined, headers: [] });
    if (got === 'unknown-host') return say(call, `wget: bad address '${url.host}'\n`, 1);
    if (got === 'timeout') return say(call, 'wget: download timed out\n', 1);
    if (got === 'refused') {
      const address = url.hostname === 'localhost' ? '[::1]:' : `${url.hostname}:`;
      return say(call, `wget: can't connect to remote host (${address.slice(0, -1)}): Connection refused\n`, 1);
    }
    if (got.status >= 400) return say(call, `wget: server returned error: HTTP/1.1 ${got.status} ${got.reason}\n`, 1);
    if (method === 'GET' && flagOf(words, 'output-document') === '-') call.out(got.body);
    return 0;
  } catch (error) {
    if (error instanceof FlagError) return say(call, `wget: ${error.message.replace('flag', 'option')}\n`, 1);
    throw error;
  }
};

function parseUrl(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const whole = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

function get(
  call: InsideCall,
  url: URL,
  how: { method: string; seconds: number; body: string | undefined; headers: readonly string[] },
): Promise<Got | Failure> {
  const where = route(call.hosts, call.self, url.hostname, Number(url.port || 80));
  if (typeof where === 'string') return Promise.resolve(where);
  const { promise, resolve } = Promise.withResolvers<Got | Failure>();
  const sent = request({
    host: '127.0.0.1',
    port: where.port,
    method: how.method,
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      connection: 'close',
      ...Object.fromEntries(
        how.headers.map((line) => [line.split(':', 1)[0] ?? '', line.split(': ').slice(1).join(': ')]),
      ),
    },
    timeout: how.seconds * 1000,
    signal: call.signal,
  });
  sent.on('timeout', () => {
    resolve('timeout');
    sent.destroy();
  });
  sent.on('error', () => resolve('refused'));
  sent.on('response', (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const lines = answer.rawHeaders.flatMap((name, index) =>
        index % 2 === 0 ? [`${name}: ${answer.rawHeaders[index + 1]}`] : [],
      );
      const reason = answer.statusMessage ?? '';
      resolve({
        status: answer.statusCode ?? 0,
        reason,
        headers: `HTTP/1.1 ${answer.statusCode} ${reason}\r\n${lines.join('\r\n')}\r\n\r\n`,
        body: Buffer.concat(chunks),
      });
    });
    answer.on('error', () => resolve('refused'));
  });
  sent.end(how.body);
  return promise;
}

function writeOut(format: string, status: number): string {
  return format.replaceAll('%{http_code}', String(status).padStart(3, '0')).replaceAll('\\n', '\n');
}

function say(call: InsideCall, text: string, exit: number): number {
  if (text) call.err(text);
  return exit;
}
