import { describe, expect, test } from 'vitest';
import { FileError, milliseconds, readComposeFile, readEnvFile } from '../../../src/rehearsal/compose/compose-file.ts';

const PATH = '/opt/salon/deploy/prod.yml';

const read = (text: string, env: Record<string, string> = {}, named?: string) =>
  readComposeFile(text, PATH, env, named);

test('a service with all that is looked at', () => {
  const file = read(
    `
services:
  api:
    build: { context: .., dockerfile: deploy/api.Dockerfile }
    image: app:latest
    container_name: salon_api
    command: uvicorn app.main:app
    environment: { DATABASE_URL: "\${DATABASE_URL}" }
    depends_on: { db: { condition: service_healthy } }
    healthcheck: { test: [CMD, curl, -f, http://localhost], interval: 1m30s, timeout: 500ms, retries: 5 }
    deploy: { resources: { limits: { cpus: "0.5", memory: 512M } } }
    restart: unless-stopped
  db: { image: "postgres:16", mem_limit: 1g, cpus: 2 }
`,
    { DATABASE_URL: 'postgresql://x' },
  );
  expect(file.project).toBe('deploy');
  expect(file.services).toEqual([
    {
      name: 'api',
      containerName: 'salon_api',
      image: 'app:latest',
      build: { context: '/opt/salon', dockerfile: 'deploy/api.Dockerfile' },
      command: ['uvicorn', 'app.main:app'],
      environment: { DATABASE_URL: 'postgresql://x' },
      healthcheck: {
        test: ['CMD', 'curl', '-f', 'http://localhost'],
        intervalMs: 90_000,
        timeoutMs: 500,
        retries: 5,
        startPeriodMs: 0,
      },
      restart: 'unless-stopped',
      dependsOn: [{ service: 'db', condition: 'service_healthy' }],
      networks: ['default'],
      cpus: 0.5,
      memory: 512 * 1024 ** 2,
    },
    expect.objectContaining({
      name: 'db',
      image: 'postgres:16',
      cpus: 2,
      memory: 1024 ** 3,
      command: [],
      restart: 'no',
    }),
  ]);
});

describe('the project’s name', () => {
  const one = 'services: { web: { image: nginx } }';
  test.each([
    ['of -p or COMPOSE_PROJECT_NAME', one, 'Salon', 'salon'],
    ['of the file', `name: salon_gbp\n${one}`, undefined, 'salon_gbp'],
    ['of the folder that the file is in', one, undefined, 'deploy'],
  ])('%s', (_, text, named, project) => {
    expect(read(text, {}, named).project).toBe(project);
  });
});

describe('variables', () => {
  const image = (value: string, env: Record<string, string> = {}) => {
    const file = read(`services: { web: { image: "${value}" } }`, env);
    return [file.services[0]?.image, ...file.unset];
  };
  test.each([
    ['$NAME', { NAME: 'x' }, ['x']],
    ['${NAME}', {}, ['', 'NAME']],
    ['${NAME:-d}', { NAME: '' }, ['d']],
    ['${NAME-d}', { NAME: '' }, ['']],
    ['$$NAME', {}, ['$NAME']],
  ])('%s of %j', (value, env, found) => {
    expect(image(value, env as Record<string, string>)).toEqual(found);
  });

  test('one that is required stops everything', () => {
    expect(() => image('${NAME:?set it}')).toThrow(
      new FileError('error while interpolating: required variable NAME is missing a value: set it'),
    );
  });
});

test.each([
  ['not YAML', 'services: [', 'yaml: '],
  [
    'a key that is not known',
    'services: { web: { image: x, imagee: y } }',
    "additional properties 'imagee' not allowed",
  ],
  ['neither image nor build', 'services: { web: { command: x } }', 'neither an image nor a build context'],
  [
    'a dependency that is not there',
    'services: { web: { image: x, depends_on: [api] } }',
    'depends on undefined service "api"',
  ],
  ['no mapping', '- x', 'must be a mapping'],
])('%s', (_, text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('an env file', () => {
  expect(readEnvFile('# c\nA=1\nexport B="two words"\n C = \'x\'\nnothing\nD=a=b\n')).toEqual({
    A: '1',
    B: 'two words',
    C: 'x',
    D: 'a=b',
  });
});

test('durations', () => {
  expect(['10s', '1m30s', '1h', '250ms'].map(milliseconds)).toEqual([10_000, 90_000, 3_600_000, 250]);
  expect(() => milliseconds('soon')).toThrow(FileError);
});
