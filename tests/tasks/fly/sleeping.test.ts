import { expect, test } from 'vitest';
import { checkList } from '../../../tasks/fly/checks.ts';
import { listChecks, listMachines, localConfig, startMachine, waitForMachine } from '../../../tasks/fly/commands.ts';
import { differences, flyConfigFile } from '../../../tasks/fly/config.ts';
import { machineList, statesInWords } from '../../../tasks/fly/machines.ts';
import { snakeKeys } from '../../../tasks/fly/reading.ts';

test.each([
  [listMachines('a'), ['machine', 'list', '-a', 'a', '--json']],
  [startMachine('a', '148e'), ['machine', 'start', '148e', '-a', 'a']],
  [waitForMachine('a', '148e', 60), ['machine', 'wait', '148e', '--state', 'started', '-w', '60s', '-a', 'a']],
  [listChecks('db'), ['checks', 'list', '-a', 'db', '--json']],
  [localConfig('fly.stg.toml'), ['config', 'show', '--local', '-c', 'fly.stg.toml']],
])('%j', ({ args }, expected) => {
  expect(args).toEqual(expected);
});

test('the machines of a list, those that sleep among them', () => {
  const machine = (id: string, state: string) => ({ id, state, region: 'nrt', config: { metadata: {} } });
  const list = machineList.parse(
    snakeKeys([machine('a', 'suspended'), machine('b', 'started'), machine('c', 'suspended')]),
  );
  expect(statesInWords(list)).toBe('3 machines: 1 started, 2 suspended');
  expect(statesInWords([])).toBe('no machines');
});

test('checks stand under their machine’s id; a machine may have none', () => {
  const checks = { '148e': [{ name: 'pg', status: 'passing', output: 'ok', updated_at: '' }], '148f': null };
  expect(checkList.safeParse(checks).success).toBe(true);
});

const wanted = { app: 'a', config: 'fly.toml', auto_stop: 'suspend', auto_start: true, min_machines: 0 } as const;
const service = { auto_stop_machines: 'suspend', auto_start_machines: true, min_machines_running: 0 };

test.each([
  [{ app: 'a', http_service: service }, []],
  [{ app: 'b', http_service: service }, ['app is b, not a']],
  [{ http_service: service }, ['app is missing, not a']],
  [
    { app: 'a', http_service: { ...service, auto_stop_machines: true, min_machines_running: 1 } },
    ['auto_stop is stop, not suspend', 'min_machines is 1, not 0'],
  ],
  [{ app: 'a' }, ['auto_stop is off, not suspend', 'auto_start is false, not true']],
])('%j: %j', (file, expected) => {
  expect(differences(flyConfigFile.parse(file), wanted)).toEqual(expected);
});
