/**
 * The rehearsal's product catalogue: `catalogue serve` is the web application, `catalogue run scripts/NAME.py` one of its
 * scripts. A release of it is the directory in which it is started (release.ts).
 */
import { readRelease } from './release.ts';
import { SCRIPTS } from './scripts.ts';
import { serve } from './service.ts';

const [word, script = ''] = process.argv.slice(2);
const release = await readRelease(process.cwd());
if (word === 'serve') await serve(release);
else process.exitCode = await run();

/** As Python does: 2 for a file that is not there, 1 for an exception that nobody catches. */
async function run(): Promise<number> {
  const name = /^scripts\/(\w+)\.py$/.exec(script)?.[1] ?? '';
  const body = release.scripts.includes(name) ? SCRIPTS[name] : undefined;
  if (!body) {
    process.stderr.write(`python: can't open file '${process.cwd()}/${script}': [Errno 2] No such file or directory\n`);
    return 2;
  }
  return body(release, process.env, (line) => process.stdout.write(`${line}\n`));
}
