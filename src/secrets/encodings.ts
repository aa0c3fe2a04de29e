/**
 * The forms in which programs print a value that they were given: JSON and its dialects, URL and form encodings, shell
 * and SQL quotings, base64, hexadecimal. What GitHub's runner masks is a part of it (8 of 33 re-encodings of a
 * nasty password); the rest was added form by form. Truncation, upper-casing and fragments cannot be listed.
 */

/** Every known form of `bytes`, without duplicates, longest rules not applied; line breaks are still in them. */
export function encodingsOf(bytes: Buffer): Set<string> {
  const forms = new Set<string>();
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    // A child that prints these bytes has them decoded with replacement characters: what is left of it is text again.
    for (const part of bytes.toString('utf8').split('\ufffd')) forms.add(part);
  } else {
    for (const form of textForms(text)) forms.add(form);
    // A memory dump of CI secrets that was printed as JSON, base64 and base64 again (CVE-2025-30066).
    for (const json of new Set(jsonForms(text))) if (json !== text) addBase64(forms, Buffer.from(json));
    // PowerShell encodes UTF-16.
    for (const core of base64Cores(Buffer.from(text, 'utf16le'))) forms.add(core);
  }
  addBinary(forms, bytes);
  addBase64(forms, bytes);
  forms.delete('');
  return forms;
}

/**
 * The base64 characters of `bytes` that are the same whatever stands before and after them in the encoded text, for each
 * of the three alignments, in the standard and the URL alphabet.
 */
export function base64Cores(bytes: Buffer): string[] {
  const cores: string[] = [];
  for (const offset of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // 6 bits a character: the first one wholly inside `bytes`, and the last one.
    const core = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    cores.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return cores;
}

/** Once, also in a URL, and twice. */
function addBase64(forms: Set<string>, bytes: Buffer): void {
  for (const core of base64Cores(bytes)) {
    forms.add(core).add(encodeURIComponent(core));
    for (const double of base64Cores(Buffer.from(core))) forms.add(double);
  }
}

function addBinary(forms: Set<string>, bytes: Buffer): void {
  // Alone, and as `echo` pipes it: then its last characters are known too.
  for (const alone of [bytes, Buffer.concat([bytes, Buffer.from('\n')])]) {
    forms.add(alone.toString('base64')).add(alone.toString('base64url'));
  }
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  for (const form of [hex, pairs.join(':'), pairs.join(' '), `\\x${pairs.join('\\x')}`, `%${pairs.join('%')}`]) {
    forms.add(form).add(upperHex(form));
  }
  forms.add([...bytes].map(octal).join(''));
}

function jsonForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [json, ascii(json), goJson(json), phpJson(json), phpJson(ascii(json))];
}

function textForms(text: string): string[] {
  const json = jsonForms(text);
  const percentForms = [
    encodeURIComponent(text),
    encodeURI(text),
    percent(text, /[^A-Za-z0-9\-._~]/gu),
    new URLSearchParams([['', text]]).toString().slice(1),
    // The sets of the URL Standard: userinfo, path and query.
    percent(text, /[^!$%&'()*+,\-.0-9A-Z_a-z~]/gu),
    percent(text, /[\0-\x20"#<>?`{}^\x7f-\u{10ffff}]/gu),
    percent(text, /[\0-\x20"#<>'\x7f-\u{10ffff}]/gu),
    // The query of a scheme that the standard does not know, such as postgres.
    percent(text, /[\0-\x20"#<>\x7f-\u{10ffff}]/gu),
    percent(text, /[^!$&'()*+,\-.0-9A-Z_a-z~]/gu),
  ];
  return [
    text,
    ...json,
    // JSON inside JSON: a log line that quotes a request's body.
    ...json.map((form) => JSON.stringify(form).slice(1, -1)),
    ...percentForms,
    ...percentForms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    ...percentForms.map((form) => form.replaceAll('%', '%25')),
    ...quotedForms(text),
    ...markupForms(text),
  ];
}

function quotedForms(text: string): string[] {
  const backslashed = text.replace(/[^A-Za-z0-9_@%+=:,./\-\u0080-\u{10ffff}]/gu, (char) => `\\${char}`);
  const python = text.replace(/[\\\n\r\t]/g, (char) => JSON.stringify(char).slice(1, -1));
  const escaped = escapeBytes(text, octal);
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replaceAll("'", "''"),
    text.replaceAll('"', '""'),
    text.replaceAll('"', '\\"'),
    text.replace(/["$`\\]/g, (char) => `\\${char}`),
    text.replace(/["$`\\!]/g, (char) => `\\${char}`),
    text.replaceAll('\\', '\\\\'),
    backslashed,
    // Compose doubles the dollar; in a .env file it is escaped.
    text.replaceAll('$', '$$$$'),
    composeJson(text),
    text.replaceAll('$', '\\$'),
    // bash's $'…' and git's "…": octal for what is not ASCII.
    escaped,
    escaped.replaceAll("'", "\\'"),
    escaped.replaceAll('"', '\\"'),
    python,
    python.replaceAll("'", "\\'"),
    escapeBytes(text, hexEscape),
    escapeBytes(text, hexEscape).replaceAll("'", "\\'"),
    // Go's %q and Rust's {:?}.
    escapeUnprintable(text),
  ];
}

function markupForms(text: string): string[] {
  const xml = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    xml,
    xml.replaceAll('"', '&quot;'),
    text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`),
    text.replace(/[&<>"']/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`),
    ...['&#39;', '&apos;', '&#x27;'].flatMap((quote) => {
      const quoted = xml.replaceAll("'", quote);
      return [quoted, quoted.replaceAll('"', '&quot;'), quoted.replaceAll('"', '&#34;')];
    }),
  ];
}

/** Python, Ruby: every unit outside ASCII as `\uXXXX`. */
function ascii(json: string): string {
  return json.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Go's encoding/json escapes what HTML would read. */
function goJson(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function phpJson(json: string): string {
  return json.replaceAll('/', '\\/');
}

/** `docker compose config --format json`: both escapes. */
function composeJson(text: string): string {
  return JSON.stringify(text.replaceAll('$', '$$$$')).slice(1, -1);
}

function percent(text: string, set: RegExp): string {
  return text.replace(
    set,
    (char) => `%${Buffer.from(char).toString('hex').toUpperCase().match(/../g)?.join('%') ?? ''}`,
  );
}

function escapeBytes(text: string, write: (byte: number) => string): string {
  const named = text.replace(/[\\\n\r\t]/g, (char) => JSON.stringify(char).slice(1, -1));
  return [...Buffer.from(named)]
    .map((byte) => (byte < 0x20 || byte > 0x7e ? write(byte) : String.fromCharCode(byte)))
    .join('');
}

function escapeUnprintable(text: string): string {
  return text.replace(/["\\\n\r\t]/g, (char) => JSON.stringify(char).slice(1, -1)).replace(/[\0-\x1f\x7f]/g, hexOf);
}

function hexOf(char: string): string {
  return hexEscape(char.charCodeAt(0));
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Upper-cases the digits but not the `x` of an escape. */
function upperHex(form: string): string {
  return form.toUpperCase().replaceAll('\\X', '\\x');
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
