/** An image of a few programs of this machine, because none can be pulled: busybox, and what else is named. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RealEngine } from './engine.ts';

const APPLETS = [
  'sh',
  'sleep',
  'cat',
  'wget',
  'httpd',
  'echo',
  'ls',
  'true',
  'false',
  'test',
  'mkdir',
  'head',
  'env',
  'kill',
];

/** Makes it and gives its name. @param programs absolute paths, each copied with the libraries that it loads */
export function importImage(engine: RealEngine, name: string, programs: readonly string[] = []): string {
  const root = mkdtempSync(join(engine.directory, 'root-'));
  for (const directory of ['bin', 'tmp', 'etc', 'dev', 'proc', 'data']) mkdirSync(join(root, directory));
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet));
  for (const program of programs) {
    copy(root, program, join('/bin', program.split('/').at(-1) ?? ''));
    for (const library of librariesOf(program)) copy(root, library, library);
  }
  execFileSync('sh', ['-c', 'tar -C "$1" -c . | docker import - "$2"', 'sh', root, name], {
    env: engine.env,
    stdio: 'pipe',
  });
  rmSync(root, { recursive: true });
  return name;
}

function librariesOf(program: string): string[] {
  const said = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...said.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []);
}

function copy(root: string, from: string, to: string): void {
  const target = join(root, to);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(from), target);
}
