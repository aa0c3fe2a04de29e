import { expect, test } from 'vitest';
import { flyToml } from '../src/rehearsal/project.ts';
import { parseToml, TomlError, tableAt, tablesAt, textAt } from '../src/toml.ts';

test('reads what fly.toml files are made of', () => {
  const read = parseToml(`
app = 'booking' # the name
kill_timeout = 5
[env]
  HASH = "a # b"
  "quoted.key" = 'x'
[build.args]
  list = ["a", 'b', 3]
[[vm]]
  size = "shared-cpu-1x"
[[vm]]
  memory = '1gb'
[http_service.concurrency]
  soft_limit = 1_000
[http_service]
  force_https = true
`);
  expect(read).toEqual({
    app: 'booking',
    kill_timeout: 5,
    env: { HASH: 'a # b', 'quoted.key': 'x' },
    build: { args: { list: ['a', 'b', 3] } },
    vm: [{ size: 'shared-cpu-1x' }, { memory: '1gb' }],
    http_service: { concurrency: { soft_limit: 1000 }, force_https: true },
  });
});

test("the rehearsal's own fly.toml has a check", () => {
  const service = tableAt(parseToml(flyToml('booking')), 'http_service');
  expect(tablesAt(service, 'checks').map((check) => textAt(check, 'path'))).toEqual(['/api/v1/healthz']);
});

test.each([
  ['a = 1\nb\n', 2],
  ['a = {}\n', 1],
  ['x = 1\n[x]\n', 2],
  ['a = """\n', 1],
])('%j is an error of line %i', (text, line) => {
  let caught: unknown;
  try {
    parseToml(text);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(TomlError);
  expect((caught as TomlError).line).toBe(line);
});
