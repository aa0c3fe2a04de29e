/**
 * What every stand-in of a rehearsal is started through: it starts the stand-in and prints beside what that says, on
 * standard output and standard error, every secret that this call was given, in every form; and on standard error the URL that
 * an attach prints, which nobody knew before. Started as
 * `telltale GIVEN TOLD NAME COMMAND ARGUMENTS…`: the file GIVEN holds the secrets by name, and each call is noted in TOLD.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { formsOf } from './forms.ts';

const [given = '', told = '', name = '', file = '', ...args] = process.argv.slice(2);
const stdin = process.stdin.isTTY ? Buffer.alloc(0) : await buffer(process.stdin);
const known = JSON.parse(readFileSync(given, 'utf8')) as Record<string, string>;
/** Where a value comes in by itself: the environment, by the secret's name, and what is piped into `secrets set NAME=-`. */
const here = new Map(Object.entries(known));
for (const secret of [...Object.keys(known), 'FLY_API_TOKEN']) {
  const value = process.env[secret];
  if (value) here.set(secret, value);
}
const words = args.join(' ');
if (/\bsecrets? (set|import)\b/.test(words) && stdin.length > 0) here.set('stdin', stdin.toString());

const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
child.stdin.on('error', () => {});
child.stdin.end(stdin);
const out: Buffer[] = [];
child.stdout.on('data', (chunk: Buffer) => {
  out.push(chunk);
  process.stdout.write(chunk);
});
const tell = (secret: string, value: string) =>
  [...formsOf(value)].map(([form, printed]) => `${name}: ${secret} (${form}) = <${printed}>\n`);
const babble = [...here].flatMap(([secret, value]) => tell(secret, value));
process.stderr.write(babble.join(''));
child.on('close', (code, signal) => {
  const real = Buffer.concat(out).toString();
  const [url] = (/\bpostgres (attach|create)\b/.test(words) && /\w+:\/\/\S+/.exec(real)) || [];
  if (url !== undefined) process.stderr.write(tell('printed', url).join(''));
  // An answer that is read as data stays whole; everything else is followed by the secrets.
  const data =
    /^\s*[[{]/.test(real) || /--format|\bpostgres attach\b|\b(console|exec|connect)\b|\bconfig\b/.test(words);
  if (!data) process.stdout.write(babble.join(''));
  appendFileSync(
    told,
    `${JSON.stringify({ name, words: words.slice(-120), secrets: [...here.keys()], stdout: !data, printed: url })}\n`,
  );
  process.exitCode = signal ? 1 : (code ?? 1);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
