/** Files of revoked keys: one public key a line, as `ssh-keygen -Y verify -r` and sshd's RevokedKeys take them. Pure. */
import { parsePublicKey } from './ssh-key.ts';

/** The keys of the file, for `isRevoked`. Lines that hold no key revoke nothing. */
export function parseRevoked(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => parsePublicKey(line)?.blob.toString('base64') ?? []));
}

/** Whether a key (SSH encoding) is among them. */
export function isRevoked(revoked: ReadonlySet<string>, blob: Uint8Array): boolean {
  return revoked.has(Buffer.from(blob).toString('base64'));
}
