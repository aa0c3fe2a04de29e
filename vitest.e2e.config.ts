import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** Whole journeys in a pseudo-terminal: one file at a time, because each starts a PostgreSQL and a platform of its own. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    exclude: ['**/*.slow.test.*'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
