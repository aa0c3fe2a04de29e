import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** What a stranger can check: every kind of tampering with every kind of journal, and the report in a real browser. */
export default defineConfig({
  test: {
    include: ['tests/evidence/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
