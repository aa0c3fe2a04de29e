import { defineConfig } from 'vitest/config';
import './vitest.config.ts';

/** The operator's seat: the real program on real terminals, key by key and byte by byte. `npm run test:seat`, which CI runs too. */
export default defineConfig({
  test: {
    include: ['tests/**/*.seat.test.{ts,tsx}'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
