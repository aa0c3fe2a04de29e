import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNLOCKED_KEY } from '../journal/authorities.ts';
import { PROGRAM_ROOT } from '../program.ts';
import type { Secret } from '../secrets/secret.ts';

/** A key file of the operator's that an agent of tejun's own holds open, for as long as this process lives. */
export interface UnlockedKey {
  /** The agent's socket. */
  socket: string;
  /** Ends the agent, and the key is locked again. */
  close(): Promise<void>;
}

/**
 * Runs beneath an ssh-agent that ends with it. The passphrase comes on standard input, so that neither the agent nor a file
 * ever has it: only ssh-add's own environment does, for the moment that it takes. Standard input stays open afterwards; it
 * closes when tejun ends, however it does, and with it everything here.
 */
const UNDER_THE_AGENT = `
  IFS= read -r passphrase || exit
  TEJUN_PASSPHRASE=$passphrase SSH_ASKPASS=$1 SSH_ASKPASS_REQUIRE=force DISPLAY=\${DISPLAY:-:0} \\
    ssh-add -q -- "$2" < /dev/null > /dev/null 2>&1
  echo $?
  unset passphrase
  cat > /dev/null
  rm -rf -- "$3"`;

/**
 * Opens an encrypted key file with OpenSSH's own tools, whatever its type and cipher.
 *
 * @param path of the private key file
 * @param passphrase only its first line counts: a passphrase has one, and `pass show` prints more
 * @returns undefined when the passphrase does not open it
 * @throws what `spawn` does when there is no ssh-agent on the host
 */
export async function unlockKeyFile(path: string, passphrase: Secret): Promise<UnlockedKey | undefined> {
  const directory = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), 'tejun-key-'));
  const socket = join(directory, 'agent');
  const askpass = join(PROGRAM_ROOT, 'bin', 'askpass');
  const child = spawn('ssh-agent', ['-a', socket, 'sh', '-c', UNDER_THE_AGENT, 'sh', askpass, path, directory], {
    // In a session of its own: a Ctrl-C at the terminal is not for it.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async () => {
    child.stdin.destroy();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  child.stdin.on('error', () => {});
  try {
    const said = new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.stdout.once('data', (line) => resolve(String(line).trim()));
      child.once('close', () => resolve('ended'));
    });
    passphrase.use((bytes) => child.stdin.write(Buffer.concat([bytes, Buffer.from('\n')])));
    if ((await said) === '0') return { socket, close };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  await close();
  return undefined;
}

/** Lets whoever signs from now on, here and in engines that are started, find the key. */
export function lend(env: NodeJS.ProcessEnv, key: UnlockedKey | undefined): void {
  if (key) env[UNLOCKED_KEY] = key.socket;
  else delete env[UNLOCKED_KEY];
}
