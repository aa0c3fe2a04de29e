import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { appName, type Call, FlyError, flag, isSet } from '../call.ts';
import { type Fleet, findApp, machineOf } from '../fleet.ts';
import { render } from '../json.ts';
import { machineEnvironment } from '../machine.ts';
import type { App, Machine } from '../model.ts';

/** Runs a command as a child with the machine's environment, in the image's directory. Any failure exits 1. */
export async function sshConsole(fleet: Fleet, call: Call): Promise<void> {
  const app = findApp(fleet, appName(call));
  const started = app.machines.filter((machine) => machine.state === 'started');
  if (started.length === 0) {
    throw new FlyError(
      `app ${app.name} has no started VMs.\nIt may be unhealthy or not have been deployed yet.\nTry the following command to verify:\n\nfly status`,
    );
  }
  const command = flag(call, 'command');
  if (!command) throw new FlyError('this rehearsal does not act out `flyctl ssh console` without -C COMMAND');
  const chosen = flag(call, 'machine');
  const machine = chosen ? started.find(({ id }) => id === chosen) : started[0];
  if (!machine) throw new FlyError(`machine ${chosen} is not started`);
  if (!chosen && started.length > 1)
    call.out(`No machine specified, using ${machine.id} in region ${machine.region}\n`);
  const child = run(fleet, app, machine, command, call.signal);
  if (child.stdin) call.stdin.pipe(child.stdin).on('error', () => {});
  pipe(child.stdout, (text) => call.out(text));
  pipe(child.stderr, (text) => call.err(text));
  const status = await exitOf(child);
  if (status !== 0) throw new FlyError(`ssh shell: Process exited with status ${status}`);
}

/** Exits 0 whatever the command's exit code; only `--json` tells it. */
export async function machineExec(fleet: Fleet, call: Call): Promise<void> {
  const [first = '', second] = call.args;
  const app = findApp(fleet, appName(call));
  const machine = second === undefined ? app.machines[0] : machineOf(app, first);
  if (!machine) throw new FlyError(`app ${app.name} has no machines`);
  const child = run(fleet, app, machine, second ?? first, call.signal);
  child.stdin?.end();
  let stdout = '';
  let stderr = '';
  pipe(child.stdout, (text) => {
    stdout += text;
  });
  pipe(child.stderr, (text) => {
    stderr += text;
  });
  const status = await exitOf(child);
  if (isSet(call, 'json')) {
    call.out(
      render({
        ...(status ? { exit_code: status } : {}),
        ...(stdout ? { stdout } : {}),
        ...(stderr ? { stderr } : {}),
      }),
    );
    return;
  }
  if (status !== 0) call.out(`Exit code: ${status}\n`);
  if (stdout) call.out(stdout);
  if (stderr) call.err(stderr);
}

function run(fleet: Fleet, app: App, machine: Machine, command: string, signal: AbortSignal): ChildProcess {
  const [file = '', ...args] = insideMachine(splitWords(command), machine.image.directory);
  machine.usedAt = Date.now();
  const child = spawn(file, args, {
    cwd: machine.image.directory,
    env: machineEnvironment(fleet, app, machine),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  signal.addEventListener('abort', () => child.kill('SIGKILL'));
  child.once('close', () => {
    machine.usedAt = Date.now();
  });
  return child;
}

/**
 * The words as they are inside the machine: `/app`, where images have their files, is the image's directory here, and a
 * login shell (`sh -lc`) would read this computer's profile, which knows nothing of the image's programs.
 */
export function insideMachine(words: readonly string[], directory: string): string[] {
  const [file = '', ...args] = words;
  const shell = /^(?:\/bin\/)?(?:ba)?sh$/.test(file);
  return [
    file,
    ...args.map((word) =>
      shell && word === '-lc' ? '-c' : word.replaceAll(/(?<![\w./-])\/app(?![\w.-])/g, directory),
    ),
  ];
}

async function exitOf(child: ChildProcess): Promise<number> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 255;
  } catch (error) {
    // The remote side's shell reports a program that is not there.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 127 : 126;
  }
}

function pipe(stream: ChildProcess['stdout'], write: (text: string) => void): void {
  const decoder = new StringDecoder('utf8');
  stream?.on('data', (chunk: Buffer) => write(decoder.write(chunk)));
}

/** `-C` is split into words as a shell would, and run by none: no variables, no pipes. */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < command.length; index += 1) {
    const char = command.charAt(index);
    if (quote !== '' && char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === '\\' && quote !== "'") {
      index += 1;
      word = (word ?? '') + command.charAt(index);
    } else if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  return word === undefined ? words : [...words, word];
}
