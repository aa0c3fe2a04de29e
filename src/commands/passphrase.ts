import { lockedKeyFile } from '../journal/authorities.ts';
import type { Messages } from '../locale/types.ts';
import { EXIT, Problem } from '../problem.ts';
import { takeSecret } from '../secrets/intake.ts';
import { parsePassphraseOption } from '../secrets/origin.ts';
import { Secret } from '../secrets/secret.ts';
import { operatorsExec } from './given-secrets.ts';
import { keySearch } from './key-search.ts';
import { operatorsLocale } from './preferences.ts';
import { lend, type UnlockedKey, unlockKeyFile } from './unlocked-key.ts';

/** How often a passphrase may be mistyped. */
const TRIES = 3;

/** Where the passphrase of the operator's key file comes from. */
export interface PassphraseSource {
  /** `--passphrase-from`, as it was given. */
  from?: string | undefined;
  /**
   * Asks in the terminal; undefined where nobody can be asked.
   *
   * @param left how many tries are left; fewer than at first when the last one was wrong
   * @returns the passphrase in base64; undefined to go on without it
   */
  ask?: ((path: string, left: number, tries: number) => Promise<string | undefined>) | undefined;
}

/** Asks on the terminal, where there is one: `write` is where the question is seen. */
export function terminalAsk(messages: Messages, out: NodeJS.WriteStream): PassphraseSource['ask'] {
  const { stdin, env } = process;
  if (!stdin.isTTY || !out.isTTY) return undefined;
  return async (path, left, tries) => {
    const { askPassphrase } = await import('../../screens/passphrase.ts');
    return askPassphrase({ messages, path, left, tries, stdin, write: (text) => void out.write(text), env });
  };
}

/**
 * Does `work` with the operator's encrypted key file open, where no other key of the operator's could sign and its passphrase
 * can be had. Without it `work` is done all the same: then tejun's own key signs, and the journal says why.
 *
 * @throws Problem `passphrase-wrong` when the one that `--passphrase-from` names does not open the key, and those of
 *   `takeSecret`; then nothing was started
 */
export async function withKeyOpen<T>(
  env: NodeJS.ProcessEnv,
  source: PassphraseSource,
  work: () => Promise<T>,
): Promise<T> {
  const path = source.from === undefined && !source.ask ? undefined : await lockedKeyFile(keySearch(env));
  const key = path === undefined ? undefined : await openKey(path, source);
  lend(env, key);
  try {
    return await work();
  } finally {
    lend(env, undefined);
    await key?.close();
  }
}

/** The same for a command that prints: it asks beside its standard output, in the operator's language. */
export async function ownerOfKey<T>(from: string | undefined, work: () => Promise<T>): Promise<T> {
  const { env, stderr } = process;
  const { MESSAGES } = await import('../locale/index.ts');
  return withKeyOpen(env, { from, ask: terminalAsk(MESSAGES[await operatorsLocale(env)], stderr) }, work);
}

async function openKey(path: string, { from, ask }: PassphraseSource): Promise<UnlockedKey | undefined> {
  if (from !== undefined) return openFrom(path, from);
  for (let left = TRIES; left > 0; left--) {
    const base64 = await ask?.(path, left, TRIES);
    if (base64 === undefined) return undefined;
    const key = await unlock(path, new Secret('PASSPHRASE', Buffer.from(base64, 'base64')));
    if (key) return key;
  }
  await ask?.(path, 0, TRIES);
  return undefined;
}

async function openFrom(path: string, from: string): Promise<UnlockedKey | undefined> {
  const { stdin, env } = process;
  const named = parsePassphraseOption(from);
  if (named.origin.kind === 'stdin' && stdin.isTTY) {
    throw new Problem(
      {
        code: 'secret-from-terminal',
        what: 'A passphrase that is read from standard input would be shown as it is typed here.',
        means: 'Nothing was started.',
        next: ['leave --passphrase-from out: tejun asks for it, and shows nothing', 'or pipe it in'],
      },
      EXIT.usage,
    );
  }
  const { secret } = await takeSecret(named, { stdin, env, exec: operatorsExec(process) });
  const key = await unlock(path, secret);
  if (key) return key;
  throw new Problem(
    {
      code: 'passphrase-wrong',
      what: `What --passphrase-from names does not open ${path}.`,
      means: 'Nothing was started.',
      next: ['check where it is read from', `ssh-keygen -y -f ${path} tells whether a passphrase is right`],
    },
    EXIT.usage,
  );
}

async function unlock(path: string, passphrase: Secret): Promise<UnlockedKey | undefined> {
  try {
    return await unlockKeyFile(path, passphrase);
  } catch (cause) {
    throw new Problem(
      {
        code: 'ssh-agent-missing',
        what: `${path} could not be opened: OpenSSH's ssh-agent did not start (${(cause as NodeJS.ErrnoException).code ?? 'error'}).`,
        means: 'Nothing was started.',
        next: [
          'install OpenSSH’s client (openssh-client)',
          'or press Enter at the question: tejun’s own key signs then',
        ],
      },
      EXIT.usage,
      { cause },
    );
  } finally {
    passphrase.wipe();
  }
}
