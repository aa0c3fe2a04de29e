import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

const KILLS = 'tests/faults/kill.test.ts';
const LIMITS = { testTimeout: 180_000, hookTimeout: 120_000 };

/**
 * Faults that are played: killed engines, failing disks, cut links. FAULTS=1 plays them all, a part of 1 so many. Two files at a
 * time, but the thousand kills by themselves: they keep both cores busy, and beside them a walk over a link takes three times as long.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...LIMITS,
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          exclude: [KILLS],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...LIMITS, name: 'kills', include: [KILLS], maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
