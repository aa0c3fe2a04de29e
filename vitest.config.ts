import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// CI is unset because Ink draws only its last frame when it is there (facts of the library,
// not of tejun); TEJUN_* of the person who runs the tests must not reach them.
for (const name of Object.keys(process.env)) if (name === 'CI' || name.startsWith('TEJUN_')) delete process.env[name];
// The tests start hundreds of programs from their sources: one that was compiled before starts in a third of the time.
process.env['NODE_COMPILE_CACHE'] = fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url));

export default defineConfig({
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    // Whole journeys, the real Docker and what opens rehearsals by the dozen have scripts of their own.
    exclude: [
      'tests/e2e/**',
      'tests/evidence/**',
      'tests/faults/**',
      'tests/real/**',
      'tests/secrets-suite/**',
      '**/*.slow.test.*',
      '**/*.seat.test.*',
      'node_modules/**',
    ],
    // All cores: by itself vitest leaves one alone, which on two is half of them.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
