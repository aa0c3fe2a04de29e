import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { parseRunbook } from '../../src/runbook/parse.ts';
import type { Step } from '../../src/runbook/types.ts';
import { FRONT, fence, parse, runbook } from './a-runbook.ts';

/** The first step of a runbook with this body. */
function step(body: string): Step | undefined {
  return parse(runbook(body)).steps[0];
}

describe('a step', () => {
  test('takes its defaults from its stage', () => {
    expect(step(fence('bash verify'))).toMatchObject({
      id: 'verify',
      title: 'Booking',
      effect: 'read',
      on: { kind: 'local' },
      timeoutMs: 300_000,
      exit: [0],
      needs: [],
      secrets: [],
      output: 'keep',
    });
    expect(step(fence('bash deploy'))?.effect).toBe('write');
  });

  test.each<[info: string, expected: Partial<Step>]>([
    ['bash verify timeout=1h30m', { timeoutMs: 5_400_000 }],
    ['bash verify retry=10x3s', { retry: { times: 10, delayMs: 3000 } }],
    ['bash verify exit=0,1', { exit: [0, 1] }],
    ['bash verify on=ssh:deploy@10.0.0.1', { on: { kind: 'ssh', host: 'deploy@10.0.0.1' } }],
    ['bash verify on=fly:$app', { on: { kind: 'fly', app: '$app' } }],
    ['bash verify on=compose:api', { on: { kind: 'compose', service: 'api' } }],
    ['bash verify capture=a,b=/x/0', { capture: [{ name: 'a' }, { name: 'b', pointer: '/x/0' }] }],
    ['bash verify title="The \\"good\\" one"', { title: 'The "good" one' }],
    ["bash verify expect='all well'", { expect: 'all well' }],
    ['bash verify output=suppress', { output: 'suppress' }],
    ['bash   verify   id=x', { id: 'x' }],
    ['bash verify effect=write budget=2', { effect: 'write', effectSaid: true, budget: 2 }],
  ])('%s', (info, expected) => {
    expect(step(fence(info))).toMatchObject(expected);
  });

  test('of http reads when its method is safe, whatever its stage', () => {
    expect(step(fence('http deploy', 'GET $base_url'))?.effect).toBe('read');
    expect(step(fence('http deploy', 'POST $base_url'))?.effect).toBe('write');
  });

  test('has the headings above it, and the prose since the heading or the step before', () => {
    const { steps } = parse(
      runbook(
        `# Deploy *now*\n\nOld.\n\n## The \`api\`\n\nWhy.<!-- not shown -->\n\n${fence('bash deploy')}\nThen.\n\n${fence('bash verify')}`,
      ),
    );
    expect(steps.slice(0, 2).map(({ id, headings, prose }) => ({ id, headings, prose }))).toEqual([
      { id: 'the-api', headings: ['Deploy now', 'The api'], prose: 'Why.' },
      { id: 'the-api-2', headings: ['Deploy now', 'The api'], prose: 'Then.' },
    ]);
  });

  test('gets an id from its heading, and from its stage where the heading has no Latin letter', () => {
    const ids = (heading: string) => step(`# ${heading}\n${fence('bash verify')}`)?.id;
    expect(ids('¿Está la Región?')).toBe('esta-la-region');
    expect(ids('確認する')).toBe('verify');
  });

  test('may stand in a list, and keeps its text without the indent', () => {
    const body = '1. First:\n\n   ```bash verify\n   if true; then\n     ls\n   fi\n   ```\n';
    expect(step(body)).toMatchObject({ body: 'if true; then\n  ls\nfi', position: { line: 13, column: 4 } });
  });

  test('of a task has its input as YAML', () => {
    const input = step(fence('yaml verify uses=fly/status', 'app: $app\ntries: 3\nnames: [A, B] # both'))?.input;
    expect(input).toEqual({ app: '$app', tries: 3, names: ['A', 'B'] });
  });
});

describe('an illustration is not a step', () => {
  test.each([
    '',
    'bash',
    'bash example',
    'bash need this',
    'yaml title="fly.toml"',
    'json deploy.json',
    'text {1,3}',
    'sql feed',
  ])('```%s', (info) => {
    expect(parse(runbook(fence(info))).steps.map(({ id }) => id)).toEqual(['uses']);
  });
});

describe('the front matter', () => {
  test('keeps values as they are written', () => {
    const front = FRONT.replace('values: { app: booking-stg,', 'values: { app: 007, ratio: 1.10, on: true,');
    expect(
      parse(`${front}${fence('bash deploy secrets=TOKEN', 'echo $night')}`).environments['staging']?.values,
    ).toEqual({
      app: '007',
      ratio: '1.10',
      on: 'true',
      base_url: 'https://stg.example.com',
    });
  });

  test('has a language and a timezone without being told', () => {
    expect(parse(runbook(''))).toMatchObject({ title: 'Booking', language: 'en', timezone: 'UTC' });
  });

  test('tells the digest of the bytes in the file', () => {
    const bytes = Buffer.from(`\ufeff${runbook('').replaceAll('\n', '\r\n')}`);
    expect(parseRunbook('r.md', bytes).digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

test('line ends of Windows and a byte-order mark change nothing', () => {
  const text = runbook(`# Look\n\nWhy.\n\n${fence('bash verify', 'ls\npwd')}- [ ] ok {uses}\n`);
  const { digest: _unix, ...unix } = parse(text);
  const { digest: _windows, ...windows } = parse(`\ufeff${text.replaceAll('\n', '\r\n')}`);
  expect(windows).toEqual(unix);
});

describe('the checklist', () => {
  test('is every box of the document, bound to the steps that its braces name', () => {
    const { checklist } = parse(
      runbook('- [ ] One **done**\n- not one\n  - [ ] Two {uses}\n\n* [ ] Answers `{"ok": true}`\n'),
    );
    expect(checklist.map(({ id, text, steps }) => ({ id, text, steps }))).toEqual([
      { id: 'item-1', text: 'One done', steps: [] },
      { id: 'item-2', text: 'Two', steps: ['uses'] },
      { id: 'item-3', text: 'Answers {"ok": true}', steps: [] },
    ]);
  });
});

describe('a secret may be used in a shell', () => {
  test.each([
    'login <<< "$TOKEN"',
    'login <<<$TOKEN',
    `printf '%s' "$TOKEN" | login`,
    `login # $TOKEN`,
    `echo '$TOKEN'`,
    'login',
  ])('%s', (script) => {
    expect(step(fence('bash verify secrets=TOKEN', script))?.body).toBe(script);
  });

  test('and in the headers and the body of a request', () => {
    const request = 'POST $base_url\nAuthorization: Bearer $TOKEN\n\n{"token": "$TOKEN"}';
    expect(step(fence('http verify effect=write secrets=TOKEN', request))?.secrets).toEqual(['TOKEN']);
  });
});

test('whatever is done to a runbook, it is parsed or refused with problems that have a place', () => {
  const cabanas = readFileSync('runbooks/cabanas-staging.md', 'utf8');
  const edit = fc.record({
    at: fc.nat(cabanas.length),
    remove: fc.nat(40),
    insert: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '```',
        '---\n',
        '\t',
        '{',
        '}',
        '$',
        '${',
        '"',
        "'",
        '\r\n',
        '- [ ] ',
        '> ',
        '# ',
        ': ',
        '&a ',
        '*a',
        '??',
        '=',
        ',',
      ),
    ),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const text = edits.reduce(
        (so, { at, remove, insert }) => so.slice(0, at) + insert + so.slice(at + remove),
        cabanas,
      );
      try {
        parseRunbook('r.md', text);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const lines = text.split(/\r\n?|\n/).length;
        for (const { where, what } of error.problems ?? []) {
          expect(what).not.toBe('');
          expect(where?.line).toBeGreaterThanOrEqual(1);
          expect(where?.line).toBeLessThanOrEqual(lines);
        }
      }
    }),
    { numRuns: 60 },
  );
});
