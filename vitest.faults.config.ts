import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** Faults that are played: killed engines, failing disks, cut links. FAULTS=1 plays them all, a part of 1 so many. Two files at a time. */
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
