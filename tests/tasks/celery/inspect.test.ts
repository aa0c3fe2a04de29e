import { expect, test } from 'vitest';
import { activeTasks } from '../../../tasks/celery/active.ts';
import { inspectWorkers } from '../../../tasks/celery/commands.ts';
import { refusal, replies } from '../../../tasks/celery/inspect.ts';
import { ENDED } from '../context.ts';

const command = inspectWorkers('app', 'active', 5);
const signal = new AbortController().signal;

/** What Celery 5.2 and 5.6 printed with Redis 7. */
test.each([
  ['celery-no-worker', 69, 'Error: No nodes replied within time constraint\n'],
  [
    'celery-broker',
    69,
    'Error: Could not connect to the message broker. Please make sure that the broker is running.\n',
  ],
  [
    'celery-broker',
    1,
    'Traceback (most recent call last):\nkombu.exceptions.OperationalError: Error 111 connecting to redis:6379. Connection refused.\n',
  ],
  ['compose-not-running', 1, 'service "worker" is not running\n'],
  ['compose-daemon', 1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n'],
  ['celery-failed', 2, 'Usage: celery [OPTIONS] COMMAND\n\nError: No such option: --jsn\n'],
])('%s: exit %s', (code, exit, stderr) => {
  expect(refusal(command, { ...ENDED, code: exit, stderr }, signal).code).toBe(code);
});

test('answers by worker; what stands in front of the JSON is left out', () => {
  expect(replies(command, 'DeprecationWarning: …\n{"w1@h": {"ok": "pong"}}\n')).toEqual({ 'w1@h': { ok: 'pong' } });
});

test.each(['', 'w1@h: OK\n', '{"w1@h"', '[1]'])('what is no answer says so: %j', (stdout) => {
  expect(() => replies(command, stdout)).toThrow(/is not JSON/);
});

test('active tasks: name, worker and age, and none of their arguments', () => {
  const now = new Date('2026-11-22T06:30:00Z');
  const task = {
    id: 'a1',
    name: 'app.tasks.scrape',
    args: ['guest@example.com'],
    kwargs: {},
    hostname: 'w1@h',
    time_start: now.getTime() / 1000 - 90,
  };
  const found = activeTasks({ 'w1@h': [task], 'w2@h': [] }, now);
  expect(found).toEqual([{ worker: 'w1@h', id: 'a1', name: 'app.tasks.scrape', seconds: 90 }]);
  // Celery 3's clock counts from the start of the machine.
  expect(activeTasks({ 'w1@h': [{ ...task, time_start: 12.5 }] }, now)[0]?.seconds).toBeNull();
});
