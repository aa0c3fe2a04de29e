/** Query parameters of connection URLs and web hooks whose value is a secret by itself. */
const SECRET_PARAMETER = /pass|pwd|secret|token|credential|signature|apikey|(?:^|[_-])(?:key|sig|auth)$/i;

/** A fragment of a password, or a parameter, that a program may print alone; shorter ones would mask ordinary words. */
const SHORTEST_FRAGMENT = 6;

/** Path segments from this length on are taken for tokens (web hooks of Slack and others). */
const SHORTEST_TOKEN = 20;

/**
 * The parts of a URL that must not be printed alone. Host, port, database and the user beside a password are not among
 * them: they are not secret, and `postgres` masked everywhere would hide what the operator has to read.
 *
 * psql prints fragments of a password that was not percent-encoded, cut at `/`, `@`, `:` or `%` (`invalid
 * integer value "S3cr3t" for connection option "port"`), so those count too; and the URL without its scheme, because
 * the same URL goes round as `postgres://`, `postgresql://` and `postgresql+asyncpg://`.
 *
 * @returns nothing when `text` is no URL
 */
export function secretPiecesOfUrl(text: string): string[] {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?<rest>[^\s]+)$/i.exec(text);
  const rest = url?.groups?.['rest'];
  if (rest === undefined) return [];
  const pieces = [rest];
  // The last @ ends the userinfo when a password holds one itself; a fragment up to the first @ is among the parts.
  const authority = rest.lastIndexOf('@', endOfAuthority(rest));
  if (authority > 0) pieces.push(...piecesOfUserinfo(rest.slice(0, authority)));
  const [path = '', query = ''] = rest.slice(authority + 1).split('?', 2);
  for (const parameter of query.split('&')) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (SECRET_PARAMETER.test(name) && value.length >= SHORTEST_FRAGMENT) pieces.push(value, decoded(value));
  }
  for (const segment of path.split('/').slice(1)) if (segment.length >= SHORTEST_TOKEN) pieces.push(segment);
  return pieces.filter((piece) => piece !== '');
}

/** An unencoded `/` in a password moves the end of the authority: then the last `@` before the query counts. */
function endOfAuthority(rest: string): number {
  const query = rest.indexOf('?');
  return query < 0 ? rest.length : query;
}

function piecesOfUserinfo(userinfo: string): string[] {
  const colon = userinfo.indexOf(':');
  // https://TOKEN@github.com: without a password the user is the secret.
  const password = colon < 0 ? userinfo : userinfo.slice(colon + 1);
  const plain = decoded(password);
  const fragments = [...password.split(/[/@:?#%&]/), ...plain.split(/[/@:?#%&]/)];
  return [password, plain, ...fragments.filter((fragment) => fragment.length >= SHORTEST_FRAGMENT)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
