import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/**
 * That secrets do not leak and arrive exactly, shown at length: the walks of all runbooks with stand-ins that print every
 * secret, 10⁵ cases against a slow redactor, thousands of deliveries. One file at a time, because each starts dozens of processes.
 */
export default defineConfig({
  test: {
    include: ['tests/secrets-suite/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
