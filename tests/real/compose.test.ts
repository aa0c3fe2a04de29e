/** The tasks of compose against a real Docker Engine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskResult } from '../../tasks/task.ts';
import { hasPlugin, noEngine, type RealEngine, startEngine } from './engine.ts';
import { importImage } from './image.ts';
import { runTask } from './run-task.ts';

const why = noEngine();
if (why) process.stderr.write(`skipped, the compose tasks against a real engine: ${why}\n`);
const plugin = hasPlugin();
if (!plugin) process.stderr.write('no docker compose plugin here: its parts are tested with docker-compose 1.29\n');

const PROJECT = (page: string): string => `version: "3.8"
services:
  web:
    build: .
    image: tejun-web
    network_mode: none
    init: true
    command: [sh, -c, "exec httpd -f -p 8000 -h /data"]
    healthcheck: { test: [CMD, wget, -q, -O-, "http://127.0.0.1:8000/${page}"], interval: 1s, timeout: 2s, retries: 2 }
    mem_limit: 64m
    cpus: 0.25
  worker:
    image: tejun-box:1
    network_mode: none
    init: true
    command: [sleep, "1000"]
    mem_limit: 32m
    cpus: 0.1
`;

const ILL = `version: "3.8"
services:
  crashed: { image: "tejun-box:1", network_mode: none, command: [sh, -c, "echo boom; exit 3"] }
  looping: { image: "tejun-box:1", network_mode: none, restart: always, command: [sh, -c, "echo again; exit 1"] }
  sick:
    image: tejun-box:1
    network_mode: none
    init: true
    command: [sleep, "1000"]
    healthcheck: { test: [CMD, sh, -c, "echo no answer; exit 1"], interval: 1s, timeout: 2s, retries: 2 }
`;

describe.skipIf(why !== undefined).each(plugin ? ['docker compose', 'docker-compose'] : ['docker-compose'])(
  '%s',
  (cli) => {
    let engine: RealEngine;
    let project: string;

    const run = (uses: string, input: object = {}, service?: string): Promise<TaskResult> => {
      const values = { compose_cli: cli, compose_file: 'compose.yml' };
      const own =
        uses.startsWith('compose/') && uses !== 'compose/prune' ? { cli, file: 'compose.yml', ...input } : { ...input };
      return runTask({ env: engine.env, cwd: project, values, ...(service ? { service } : {}) }, uses, own);
    };

    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
        cwd: project,
        encoding: 'utf8',
        stdio: 'pipe',
      }).trim();

    const commit = (subject: string, files: Readonly<Record<string, string>>): string => {
      for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text);
      git('add', '-A');
      git('commit', '-q', '-m', subject);
      return git('rev-parse', 'HEAD');
    };

    beforeAll(async () => {
      engine = await startEngine();
      importImage(engine, 'tejun-box:1');
      project = join(engine.directory, 'salon');
      mkdirSync(project);
      execFileSync('git', ['init', '-q', '-b', 'master', project]);
      const dockerfile = 'FROM tejun-box:1\nCOPY health /data/health\n';
      commit('first', { 'compose.yml': PROJECT('health'), Dockerfile: dockerfile, health: 'one\n', 'ill.yml': ILL });
    });

    afterAll(() => engine?.stop());

    test('ready: the program, the engine and the file', async () => {
      expect(await run('compose/ready', { services: ['web', 'worker'] })).toMatchObject({
        outcome: 'passed',
        evidence: { cli, services: expect.arrayContaining(['web', 'worker']) },
      });
      expect((await run('compose/ready', { services: ['api'] })).problem?.code).toBe('compose-no-service');
      expect((await run('compose/ready', { file: 'nowhere.yml' })).problem?.code).toBe('compose-file');
    });

    test.skipIf(plugin)('ready, without the plugin: which program to name instead', async () => {
      const found = await run('compose/ready', { cli: 'docker compose' });
      expect(found.problem).toMatchObject({
        code: 'compose-missing',
        next: expect.arrayContaining([expect.stringContaining('docker-compose')]),
      });
    });

    test('before the first deploy no service has a container', async () => {
      expect((await run('compose/status')).problem?.what).toContain('web has no container');
    });

    test('deploy builds, starts, waits, and records the revision', async () => {
      const found = await run('compose/deploy', { branch: 'master', pull: false, wait_timeout: 30 });
      expect(found.problem).toBeUndefined();
      const head = git('rev-parse', 'HEAD');
      expect(found.evidence).toMatchObject({
        before: head,
        after: head,
        released: true,
        healthy: true,
        replaced: ['web', 'worker'],
      });
      expect(await run('compose/status')).toMatchObject({
        outcome: 'passed',
        summary: '2/2 services run · 1/1 healthy',
      });
    });

    test('limits: what the engine enforces, and what is used', async () => {
      const limits = { web: { cpus: 0.25, memory: '64M' }, worker: { cpus: 0.1, memory: '32M' } };
      const found = await run('compose/limits', { limits });
      expect(found.problem).toBeUndefined();
      expect(found.evidence).toMatchObject({
        limits: [{ cpus: 0.25, memory: 64 * 1024 ** 2, memoryUsed: expect.any(Number) }, { cpus: 0.1 }],
      });
      const differs = await run('compose/limits', { limits: { ...limits, web: { cpus: 0.5, memory: '64M' } } });
      expect(differs.problem?.what).toContain('web has 0.25 CPUs, not 0.5');
    });

    test('exec passes the exit code of the command on, and knows 126 and 127 from a service that is down', async () => {
      const shell = (body: string) => run('sh', { language: 'sh', body }, 'worker');
      expect(await shell('exit 7')).toMatchObject({ outcome: 'failed', exit: 7 });
      expect(await shell('echo "$HOSTNAME"; ls /data')).toMatchObject({ outcome: 'passed', exit: 0 });
      expect([126, 127]).toContain((await run('bash', { language: 'bash', body: 'true' }, 'worker')).exit);
    });

    test('a worker without Celery is not one that answers', async () => {
      const found = await run('celery/ready', { app: 'app' }, 'worker');
      expect(found.problem?.code).toBe('celery-failed');
      expect(found.problem?.what).toContain('executable file not found');
    });

    test('a container that was stopped is seen, and comes back', async () => {
      engine.docker(
        'stop',
        '-t',
        '1',
        engine.docker('ps', '-q', '--filter', 'label=com.docker.compose.service=worker').trim(),
      );
      expect((await run('compose/status')).problem?.what).toMatch(
        /^Not all services are well: worker exited \(\d+\)\.$/,
      );
      expect(await run('sh', { language: 'sh', body: 'true' }, 'worker')).toMatchObject({ outcome: 'failed', exit: 1 });
      expect((await run('compose/restart', { services: ['worker'] })).problem).toBeUndefined();
    });

    test('logs: bounded, without colours, and refused for a service that is not there', async () => {
      expect((await run('compose/logs', { file: 'ill.yml', services: ['crashed'] })).evidence).toMatchObject({
        lines: 0,
      });
      expect((await run('compose/logs', { services: ['api'] })).problem?.code).toBe('compose-no-service');
    });

    test('rebuild of one service leaves the others alone; recreate replaces', async () => {
      writeFileSync(join(project, 'health'), 'two\n');
      expect((await run('compose/rebuild', { services: ['web'], wait_timeout: 30 })).evidence).toMatchObject({
        healthy: true,
        replaced: ['web'],
      });
      expect((await run('compose/recreate', { services: ['worker'] })).evidence).toMatchObject({
        replaced: ['worker'],
      });
      git('checkout', '-q', 'health');
    });

    test('an update that is never healthy: released, not healthy; and back', async () => {
      const before = git('rev-parse', 'HEAD');
      commit('the check asks for what is not there', { 'compose.yml': PROJECT('nowhere') });
      const found = await run('compose/deploy', { branch: 'master', pull: false, wait_timeout: 30 });
      expect(found.problem).toMatchObject({
        code: 'released-not-healthy',
        what: expect.stringContaining('web is unhealthy (wget: server returned error: HTTP/1.1 404'),
      });
      expect(found.evidence).toMatchObject({ released: true, healthy: false, replaced: ['web'] });
      const back = await run('compose/rollback', { commit: before, wait_timeout: 30 });
      expect(back.problem).toBeUndefined();
      expect(back.evidence).toMatchObject({ to: before, healthy: true, replaced: ['web'] });
      expect((await run('compose/deploy', { branch: 'master', pull: false })).problem?.code).toBe('git-detached');
    });

    test('what is ill, each in its own words: exited, looping, unhealthy', async () => {
      const up = await run('compose/recreate', { file: 'ill.yml', project: 'ill', wait_timeout: 20 });
      expect(up.problem?.code).toBe('released-not-healthy');
      await sleep(2500);
      const { problem, evidence } = await run('compose/status', { file: 'ill.yml', project: 'ill' });
      expect(problem?.what).toContain('crashed exited (3)');
      expect(problem?.what).toMatch(/looping restarts again and again \(\d+ times/);
      expect(problem?.what).toContain('sick is unhealthy (no answer)');
      expect(evidence).toMatchObject({ healthy: false });
      const log = await run('compose/logs', { file: 'ill.yml', project: 'ill', services: ['crashed'], grep: 'boom' });
      expect(log.text).toContain('boom');
    });

    test('prune takes what no container uses, and nothing else', async () => {
      importImage(engine, 'tejun-old:1', ['/bin/ls']);
      const kept = await run('compose/prune', { until: '1h' });
      expect(kept).toMatchObject({ outcome: 'passed', evidence: { removed: [] } });
      // The engine compares whole seconds.
      await sleep(1100);
      const found = await run('compose/prune', { until: '0h' });
      expect(found.problem).toBeUndefined();
      const { removed } = found.evidence as { removed: { image: string }[] };
      expect(removed.map(({ image }) => image)).toContain('tejun-old:1');
      expect(engine.docker('image', 'ls')).toContain('tejun-web');
      expect(engine.docker('image', 'ls')).not.toContain('tejun-old');
    });

    test('without the daemon, everything says so', async () => {
      const env = { ...engine.env, DOCKER_HOST: `unix://${join(engine.directory, 'nobody.sock')}` };
      for (const uses of ['compose/status', 'compose/ready']) {
        const found = await runTask({ env, cwd: project }, uses, { cli, file: 'compose.yml' });
        expect(found.problem?.code).toBe('compose-daemon');
      }
    });
  },
);
