/**
 * The forms in which programs print a value, written without a look at what the redactor knows: each as the program that
 * makes it would, or by the very function. Node alone, because the telltale makes them once a call.
 */

/** What is printed in each form; a name says who prints so. */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64');
  const hex = Buffer.from(value).toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const json = JSON.stringify(value).slice(1, -1);
  const unicode = (text: string) =>
    text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const percent = encodeURIComponent(value);
  const url = new URL('postgres://u@h/');
  url.password = value;
  url.search = value;
  const half = Math.floor(value.length / 2);
  return new Map([
    ['as it is', value],
    ['JSON (JavaScript)', json],
    ['JSON (Python)', unicode(json)],
    ['JSON (Go)', json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)],
    ['JSON (PHP)', unicode(json.replaceAll('/', '\\/'))],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['encodeURIComponent', percent],
    ['encodeURI', encodeURI(value)],
    ['lower-case escapes', percent.replace(/%../g, (code) => code.toLowerCase())],
    ['percent-encoded twice', encodeURIComponent(percent)],
    ['a form', new URLSearchParams({ x: value }).toString().slice(2)],
    ['the password of a URL', url.password],
    ['a query of a URL', url.search.slice(1)],
    ['base64', base64(value)],
    ['base64 of a line', base64(`${value}\n`)],
    ['base64 after one byte', base64(`:${value}`)],
    ['base64 after two bytes', base64(`u:${value}`)],
    ['base64, wrapped at 76', base64(`header ${value}`).replace(/.{76}/g, '$&\n')],
    ['base64, wrapped at 64 with CRLF', base64(value).replace(/.{64}/g, '$&\r\n')],
    ['base64url', Buffer.from(value).toString('base64url')],
    ['base64 twice', base64(base64(value))],
    ['base64 twice, of JSON', base64(base64(JSON.stringify({ token: value })))],
    ['base64 of UTF-16 (PowerShell)', base64(value, 'utf16le')],
    ['hexadecimal', hex],
    ['hexadecimal, upper case', hex.toUpperCase()],
    ['hexadecimal with colons', pairs.join(':')],
    ['hexadecimal with blanks (od)', pairs.join(' ')],
    ['\\x escapes', pairs.map((pair) => `\\x${pair}`).join('')],
    ['octal escapes', [...Buffer.from(value)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')],
    ['XML', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
    ['HTML', value.replace(/[&<>"']/g, (char) => `&#${{ '&': '38', '<': '60', '>': '62', '"': '34' }[char] ?? '39'};`)],
    ['shell, single quotes', value.replaceAll("'", "'\\''")],
    ['shell, double quotes', value.replace(/["$`\\]/g, '\\$&')],
    ['SQL', value.replaceAll("'", "''")],
    ['.env, double quotes', value.replace(/["\\$]/g, '\\$&').replaceAll('\n', '\\n')],
    ['Compose', value.replaceAll('$', '$$$$')],
    ['with a colour inside', `${value.slice(0, half)}\x1b[1;31m${value.slice(half)}\x1b[0m`],
    ['over a line end', `${value.slice(0, half)}\n${value.slice(half)}`],
    ['wrapped by a terminal of 20 columns', value.replace(/.{20}/gu, '$&\r\n')],
  ]);
}

/** Without colours and line ends, as the eye and a script put a broken value together again. */
export function joined(text: string): string {
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]|[\r\n]/g, '');
}

/**
 * What must be found nowhere of a secret: its forms, joined. Of base64 that begins or ends within other bytes, only what
 * the value alone decides: the neighbours' characters are nobody's secret.
 */
export function tracesOf(value: string): ReadonlyMap<string, string> {
  const traces = new Map<string, string>();
  for (const [form, printed] of formsOf(value)) {
    const text = joined(printed);
    const shared = /^base64/.test(form) ? 6 : 0;
    const trace = text.slice(shared, shared > 0 ? -(shared + 2) : undefined);
    if (trace.length >= SHORTEST_TRACE) traces.set(form, trace);
  }
  return traces;
}

/** Shorter ones stand in any text by chance. */
const SHORTEST_TRACE = 6;
