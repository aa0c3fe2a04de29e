import { EXIT, Problem } from '../problem.ts';
import { Secret } from '../secrets/secret.ts';

/** A secret that is longer is none, but a program that printed something else. */
const LARGEST = 1024 * 1024;

/** Output that may hold a secret which nobody knows yet: kept as bytes until it was looked for. */
export interface SecretOutput {
  push(bytes: Buffer): void;
  /** All of it as a `Secret`. Throws a `Problem` `secret-output-too-large` when there was more than 1 MiB. */
  end(): Secret;
}

/** @param file the program, for the message */
export function createSecretOutput(file: string): SecretOutput {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    push(bytes) {
      length += bytes.length;
      if (length <= LARGEST) chunks.push(bytes);
      else wipe(chunks);
    },
    end() {
      if (length > LARGEST) {
        throw new Problem(
          {
            code: 'secret-output-too-large',
            what: `${file} printed ${length} bytes where a secret was expected.`,
            means: 'The output was thrown away unread.',
            next: [`run ${file} by hand and look at what it prints`],
          },
          EXIT.failed,
        );
      }
      const secret = new Secret('output', Buffer.concat(chunks));
      wipe(chunks);
      return secret;
    },
  };
}

function wipe(chunks: readonly Buffer[]): void {
  for (const chunk of chunks) chunk.fill(0);
}
