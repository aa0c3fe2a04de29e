import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** Against the real Docker Engine, PostgreSQL's own client programs and the real Redis: one engine at a time. */
export default defineConfig({
  test: {
    include: ['tests/real/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
