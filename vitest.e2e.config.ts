import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** Whole journeys in a pseudo-terminal, and a sample of the faults (`npm run test:faults` plays them all): one file at a time, because each starts a PostgreSQL and a platform of its own. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts', 'tests/faults/**/*.test.ts'],
    // A cut link and a killed rehearsal take a whole walk each.
    exclude: ['**/*.slow.test.*', 'tests/faults/{link,rehearsal-kill}.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
