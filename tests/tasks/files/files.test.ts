import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filesDotenv } from '../../../tasks/files/dotenv.ts';
import { filesToml } from '../../../tasks/files/toml.ts';
import { contextFor } from '../context.ts';

const cwd = mkdtempSync(join(tmpdir(), 'tejun-files-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const BACKEND = `app = 'shop-backend'
primary_region = 'nrt'
[env]
  LOG_LEVEL = 'info'
[checks.alive]
  port = 50051
`;
writeFileSync(join(cwd, 'backend.toml'), BACKEND);
writeFileSync(join(cwd, 'public.toml'), `${BACKEND}[http_service]\n  internal_port = 8080\n`);
writeFileSync(join(cwd, 'broken.toml'), 'app =\n');
writeFileSync(
  join(cwd, 'apps.env'),
  'APP=shop\nEMPTY=\nexport REGION="nrt"\nPASSWORD=hunter2-hunter2 # $(touch ran)\n',
);

describe('files/toml', () => {
  const look = (input: object) => filesToml.run(filesToml.input.parse(input), contextFor({ cwd }));

  test('a backend without a public port', async () => {
    const equal = { app: 'shop-backend', primary_region: 'nrt', 'checks.alive.port': 50051 };
    const absent = ['http_service', 'services'];
    expect(await look({ path: 'backend.toml', equal, absent })).toMatchObject({ outcome: 'passed' });
    expect((await look({ path: 'public.toml', equal, absent })).problem).toMatchObject({
      code: 'file-content',
      what: expect.stringContaining('http_service is there, and must not be'),
    });
  });

  test('says everything that is wrong at once', async () => {
    const result = await look({
      path: 'backend.toml',
      equal: { app: 'other', 'env.BACKEND': 'x.internal:50051', env: 'x' },
      present: ['http_service'],
    });
    expect(result.evidence).toMatchObject({
      wrong: [
        'app is shop-backend, and must be other',
        'env.BACKEND is not there, and must be x.internal:50051',
        'env is a table, and must be x',
        'http_service is not there',
      ],
    });
  });

  test('a file that is not there, or cannot be read', async () => {
    await expect(look({ path: 'none.toml' })).rejects.toMatchObject({ code: 'file-missing' });
    await expect(look({ path: 'broken.toml' })).rejects.toMatchObject({ code: 'file-toml', where: { line: 1 } });
  });
});

describe('files/dotenv', () => {
  const look = (input: object) =>
    filesDotenv.run(filesDotenv.input.parse({ path: 'apps.env', ...input }), contextFor({ cwd }));

  test('names and values', async () => {
    expect(await look({ present: ['PASSWORD'], equal: { APP: 'shop', REGION: 'nrt' } })).toMatchObject({
      outcome: 'passed',
      summary: 'apps.env: 3 as it must be',
    });
  });

  test('empty is not there; what is wrong is said without the value that is there', async () => {
    const result = await look({ present: ['EMPTY', 'NONE'], equal: { PASSWORD: 'other' } });
    expect(result.evidence).toMatchObject({
      wrong: ['EMPTY is empty', 'NONE is not there', 'PASSWORD is not other'],
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
