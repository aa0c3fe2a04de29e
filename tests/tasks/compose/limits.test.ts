import { describe, expect, test } from 'vitest';
import { compare, differences } from '../../../tasks/compose/limits.ts';
import { bytesOf, sizeInWords } from '../../../tasks/compose/size.ts';
import { container } from './containers.ts';

test.each([
  ['512M', 536870912],
  ['512m', 536870912],
  ['128mb', 134217728],
  ['1.5G', 1610612736],
  ['1g', 1073741824],
  ['484KiB', 495616],
  ['548 KiB', 561152],
  ['1024', 1024],
  ['0B', 0],
  ['half', undefined],
])('%s is %s bytes', (size, bytes) => {
  expect(bytesOf(size)).toBe(bytes);
});

test.each([
  [0, 'none'],
  [134217728, '128M'],
  [1610612736, '1.5G'],
])('%s bytes are %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});

/** A line of `docker stats --no-stream`, engine 20.10. */
const used = {
  BlockIO: '0B / 0B',
  CPUPerc: '1.75%',
  Container: '025b67de2add',
  ID: container('web').id.slice(0, 12),
  MemPerc: '0.74%',
  MemUsage: '484KiB / 64MiB',
  Name: 'proj_web_1',
  NetIO: '0B / 0B',
  PIDs: '1',
};

describe('a service against its line of the table', () => {
  const web = container('web', { cpus: 0.25, memoryBytes: 128 * 1024 ** 2 });

  test('the same: nothing to say, and what it uses', () => {
    const rows = compare(['web'], { web: { cpus: 0.25, memory: '128M' } }, [web], [used]);
    expect(rows).toEqual([
      {
        service: 'web',
        container: 'salon_gbp_web',
        cpus: 0.25,
        memory: 134217728,
        wantedCpus: 0.25,
        wantedMemory: 134217728,
        cpuPercent: 1.75,
        memoryUsed: 495616,
        memoryPercent: 0.74,
      },
    ]);
    expect(differences(rows)).toEqual([]);
  });

  test.each([
    ['web has 0.25 CPUs, not 0.5', { web: { cpus: 0.5, memory: '128M' } }, [web]],
    ['web has 128M of memory, not 256M', { web: { cpus: 0.25, memory: '256M' } }, [web]],
    ['web has no limit of CPUs, not 0.25', { web: { cpus: 0.25, memory: '128M' } }, [{ ...web, cpus: 0 }]],
    ['web has none of memory, not 128M', { web: { cpus: 0.25, memory: '128M' } }, [{ ...web, memoryBytes: 0 }]],
    ['web is not in the table', {}, [web]],
    ['web has no container', { web: { cpus: 0.25, memory: '128M' } }, []],
  ])('%s', (what, limits, containers) => {
    expect(differences(compare(['web'], limits, containers, []))).toEqual([what]);
  });

  test('a line of the table that the file does not know', () => {
    const rows = compare([], { web: { cpus: 0.25, memory: '128M' } }, [], []);
    expect(differences(rows)).toEqual(['web has no container']);
  });
});
