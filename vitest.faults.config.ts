import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

const whole = Number(process.env['FAULTS'] ?? 0) >= 1;

/** Faults that are played: killed engines, failing disks, cut links. FAULTS=1 plays them all, a part of 1 so many. Two files at a time. */
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    // The walks of killed engines have run too seldom yet to hold up a change: a part of the suite leaves them out.
    exclude: whole ? [] : ['tests/faults/kill.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
