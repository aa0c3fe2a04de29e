/** The program `alembic` of a rehearsal's machines and containers. */
import { alembic } from './alembic.ts';

process.exitCode = await alembic({
  args: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
