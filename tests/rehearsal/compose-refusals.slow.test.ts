/** What docker and docker compose refuse, the rehearsal's refuse too: with their words, on their stream, with their exit code. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RehearsalSite } from '../../src/rehearsal/site.ts';
import { openServer } from './compose-site.ts';

let site: RehearsalSite;

beforeAll(async () => {
  site = await openServer();
}, 60_000);

afterAll(() => site?.close());

/** Runs a line as an operator would type it, with the source's own short name for compose. */
function typed(line: string, input?: string): { code: number | null; out: string; err: string } {
  const dc = 'dc() { docker compose --env-file .env -f deploy/docker-compose.prod.yml "$@"; }';
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${dc}; ${line}`], {
    cwd: site.cwd,
    env: { ...site.env },
    encoding: 'utf8',
    timeout: 20_000,
    ...(input === undefined ? {} : { input }),
  });
  return { code: status, out: stdout, err: stderr };
}

describe('refused', () => {
  test.each([
    ['dc ps --json', 16, 'unknown flag: --json'],
    ['dc ps nginx', 1, 'no such service: nginx'],
    ['dc status', 1, 'unknown docker command: "compose status"'],
    ['dc rollback', 1, 'unknown docker command: "compose rollback"'],
    ['dc up -d --wait-timeout', 16, 'flag needs an argument: --wait-timeout'],
    ['dc up', 1, 'does not act out `docker compose up` in the foreground'],
    ['dc exec -T nginx true', 1, 'no such service: nginx'],
    ['dc exec -T web bash', 127, 'exec: "bash": executable file not found in $PATH'],
    ['dc exec -T api nginx -t', 127, 'executable file not found in $PATH'],
    ['docker compose ps', 1, 'no configuration file provided: not found'],
    ['docker compose -f nowhere.yml ps', 1, 'nowhere.yml: no such file or directory'],
    ['docker compose --env-file nowhere -f deploy/docker-compose.prod.yml ps', 1, "couldn't find env file"],
    // Compose looks for `.env` beside its file, not where it is called: that is why the runbook names it.
    ['docker compose -f deploy/docker-compose.prod.yml ps', 1, 'required variable DATABASE_URL is missing a value'],
    ['docker exec nosuch true', 1, 'No such container: nosuch'],
    ['docker exec -it salon_gbp_db psql', 1, 'the input device is not a TTY'],
    ['docker ps --json', 125, 'unknown flag: --json'],
    ['docker frobnicate', 1, 'docker: unknown command: docker frobnicate'],
    ['docker cp salon_gbp_db:/x .', 1, 'this rehearsal does not act out `docker cp`'],
    ['docker inspect nosuch', 1, 'No such object: nosuch'],
    ['docker network inspect nosuch', 1, 'network nosuch not found'],
    ['docker inspect -f "{{.Nope}}" salon_gbp_api', 64, 'map has no entry for key "Nope"'],
    ['docker-compose -f deploy/docker-compose.prod.yml --env-file .env up -d --wait', 1, 'unknown flag: --wait'],
    ['docker exec salon_gbp_db pg_dump -U salon_gbp salon_gbp', 1, 'this rehearsal acts out the custom format only'],
    ['docker exec salon_gbp_db pg_dump salon_gbp', 1, 'role "root" does not exist'],
    ['docker exec salon_gbp_db pg_dump -Fc -U salon_gbp -d nosuch', 1, 'database "nosuch" does not exist'],
    ['docker exec salon_gbp_worker celery -A app inspect pings', 2, 'not recognized'],
    ['docker exec salon_gbp_web wget -qO- http://db:5432/', 1, 'wget:'],
    ['docker exec salon_gbp_web wget -qO- http://nobody:8000/', 1, "wget: bad address 'nobody:8000'"],
    ['docker exec gateway-app-1 wget -qO- http://api:8000/', 1, "wget: bad address 'api:8000'"],
    ['docker exec salon_gbp_api curl -fsS http://localhost:8000/nope', 22, 'The requested URL returned error: 404'],
    ['docker exec salon_gbp_api curl -s http://localhost:9999/', 7, ''],
    [
      'docker exec salon_gbp_redis redis-cli -p 6400 ping',
      1,
      'Could not connect to Redis at 127.0.0.1:6400: Connection refused',
    ],
  ])('%s → %i', (line, code, text) => {
    const ran = typed(line);
    expect(ran.code, ran.err).toBe(code);
    expect(ran.err).toContain(text);
  });
});

describe('exit codes that lie, as the real ones do', () => {
  test('the dump that fails inside a pipe is a backup of 20 bytes, and exit 0', () => {
    const ran = typed(
      'docker exec salon_gbp_db pg_dump -Fc -U salon_gbp -d nosuch 2>/dev/null | gzip > b.gz; echo $?; wc -c < b.gz',
    );
    expect(ran.out.split(/\s+/).filter(Boolean)).toEqual(['0', '20']);
  });

  test('NOAUTH is exit 0', () => {
    const ran = typed('docker exec -e REDISCLI_AUTH= salon_gbp_redis redis-cli ping');
    expect(ran).toMatchObject({ code: 0, out: 'NOAUTH Authentication required.\n\n' });
  });

  test('a script with an error is exit 0, unless it is told to stop: then 3', () => {
    const script = 'select * from nosuch;\nselect 1 as one;\n';
    const plain = typed('docker exec -i salon_gbp_db psql -X -U salon_gbp -d salon_gbp', script);
    expect(plain).toMatchObject({ code: 0, out: expect.stringContaining('one') });
    expect(plain.err).toContain('relation "nosuch" does not exist');
    expect(typed('docker exec -i salon_gbp_db psql -X -v ON_ERROR_STOP=1 -U salon_gbp -d salon_gbp', script).code).toBe(
      3,
    );
    expect(typed('docker exec salon_gbp_db psql -U salon_gbp -d salon_gbp -c "select * from nosuch"').code).toBe(1);
  });

  test('without -i there is no standard input', () => {
    expect(typed('docker exec salon_gbp_db psql -X -U salon_gbp -d salon_gbp', 'select 1;\n')).toMatchObject({
      code: 0,
      out: '',
    });
  });

  test('on Alpine localhost is IPv6 first: a check that asks it is unhealthy while 127.0.0.1 answers', () => {
    expect(typed('docker exec salon_gbp_web wget -qO- http://localhost:8000/healthz').code).toBe(1);
    expect(typed('docker exec salon_gbp_web wget -qO- http://127.0.0.1:8000/healthz')).toMatchObject({
      code: 0,
      out: 'ok\n',
    });
  });

  test('a prune that nobody confirms removes nothing, and exits 0', () => {
    expect(typed('docker image prune -a --filter until=168h')).toMatchObject({
      code: 0,
      out: expect.stringContaining('[y/N]'),
    });
    expect(typed('docker image ls').out).toContain('2025-10');
  });
});

describe('a shell of a container', () => {
  test('finds the programs of its image, and passes their exit codes on', () => {
    const ran = typed(
      `dc exec -T api sh -c 'alembic current && curl -s -o /dev/null -w "%{http_code}\\n" http://localhost:8000/api/health; exit 7'`,
    );
    expect(ran.code).toBe(7);
    expect(ran.out).toBe('2b3c4d5e6f70 (head)\n200\n');
  });

  test('a volume has its files, and nothing of this machine is under its paths', () => {
    expect(typed('docker exec salon_gbp_api ls /data/media/').out).toBe('salon-1.jpg\n');
    expect(typed('docker exec salon_gbp_api ls /etc/passwd').code).not.toBe(0);
  });

  test('secrets of the rehearsal itself are not among its variables', () => {
    expect(typed('docker exec salon_gbp_db env').out).not.toContain('TEJUN');
    expect(typed('docker exec salon_gbp_api printenv REDIS_URL').out).toMatch(/^redis:\/\/:\w+@redis:6379\/0\n$/);
  });
});
