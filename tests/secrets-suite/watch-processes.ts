/**
 * Samples the command line and environment of every process that starts after it, every 5 ms as far as the machine lets it, and writes what it
 * saw for the first time as JSON lines on standard output. Ends with its standard input, and says how often it looked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What was last seen of a process: one that became another program, or renamed itself, is read again. */
const seen = new Map<string, string>();
const own = String(process.pid);
/** They were there before, so nothing of the run is in them. */
const others = new Set(readdirSync('/proc'));
let passes = 0;
let over = false;
process.stdin.on('end', () => {
  over = true;
});
process.stdin.resume();

const began = performance.now();
while (!over) {
  const pass = performance.now();
  const now = readdirSync('/proc').filter((name) => name !== own && /^\d+$/.test(name) && !others.has(name));
  for (const pid of now) look(pid);
  // A number that is used again is another process.
  for (const pid of seen.keys()) if (!now.includes(pid)) seen.delete(pid);
  passes += 1;
  await sleep(Math.max(0, 5 - (performance.now() - pass)));
}
say({ passes, ms: Math.round(performance.now() - began) });

function look(pid: string): void {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    if (line === '' || seen.get(pid) === line) return;
    seen.set(pid, line);
    const env = readFileSync(`/proc/${pid}/environ`, 'latin1');
    say({ pid, argv: line.split('\0').slice(0, -1), env: env.split('\0').filter((entry) => entry !== '') });
  } catch {
    // It ended while it was looked at.
  }
}

function say(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
