import { writeSync } from 'node:fs';
import { EXIT, faultText } from '../problem.ts';

/**
 * What this process does with an error that nobody caught: it says its first line, redacted, overwrites the secrets and
 * ends. Node would print the stack, the source line and every field of the error, which hold what nobody has redacted.
 *
 * @param vault is wiped, whatever happens
 */
export function onCrash(redact: (text: string) => string, vault: { wipe(): void }): void {
  const end = (error: unknown) => {
    try {
      // Synchronous: the process is over when this returns.
      writeSync(2, `✖ tejun failed: ${redact(faultText(error))}\n`);
    } catch {
      // Standard error is gone too: there is nobody left to tell.
    } finally {
      vault.wipe();
      process.exit(EXIT.bug);
    }
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}
