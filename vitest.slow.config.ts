import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** What opens rehearsals by the dozen, and the walks of all runbooks: `npm run test:slow`, which CI runs too. */
export default defineConfig({
  test: {
    include: ['tests/**/*.slow.test.{ts,tsx}'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
