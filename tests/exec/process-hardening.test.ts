import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a hardened process leaves no core file, no environment in reports, and opens no inspector', () => {
  const script = join(import.meta.dirname, 'fixtures/hardened.ts');
  const output = execFileSync(process.execPath, [script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_OPTIONS: '--max-old-space-size=200', CANARY: 'canary' },
  });
  expect(JSON.parse(output)).toEqual({
    noCore: true,
    core: ['0', '0'],
    inspector: null,
    reportHasEnvironment: false,
    nodeOptions: null,
    umask: 0o077,
  });
});
