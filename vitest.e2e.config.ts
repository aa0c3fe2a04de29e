import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** Whole journeys in a pseudo-terminal, and a sample of the faults (`npm run test:faults` plays them all). Two files at a time: each starts a PostgreSQL and a platform of its own. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts', 'tests/faults/**/*.test.ts'],
    // What takes whole walks has its place in the suite.
    exclude: ['**/*.slow.test.*', 'tests/faults/{link,rehearsal-kill}.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
