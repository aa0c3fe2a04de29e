import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalRecord, RecordOf } from '../../src/journal/records.ts';
import { sameCompileCache } from '../../src/rehearsal/compile-cache.ts';

/** A home directory and a state directory of an operator who has an SSH key, and nothing else. */
export interface OperatorHome {
  env: Readonly<Record<string, string>>;
  /** `ssh-ed25519 AAAA…`, without the comment. */
  publicKey: string;
  journals(): string[];
  remove(): void;
}

export function operatorHome(): OperatorHome {
  const root = mkdtempSync(join(tmpdir(), 'tejun-e2e-'));
  const ssh = join(root, '.ssh');
  mkdirSync(ssh, { mode: 0o700 });
  const key = join(ssh, 'id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'alice@ops', '-f', key]);
  const state = join(root, 'state');
  return {
    env: { HOME: root, TEJUN_HOME: state, TEJUN_OPERATOR: 'alice@ops', ...sameCompileCache() },
    publicKey: readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
    journals: () => readdirSync(join(state, 'runs')).map((run) => join(state, 'runs', run, 'journal.jsonl')),
    // An engine that was just ended may still be writing its last.
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

export function readRecords(journal: string): JournalRecord[] {
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as JournalRecord);
}

/**
 * Verifies the last signature of a journal with the system's ssh-keygen and nothing of tejun's: trusts `publicKey` to
 * certify run keys for `alice@ops`. Returns what ssh-keygen says; throws when it refuses.
 */
export function verifyWithSshKeygen(journal: string, publicKey: string, namespace: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'tejun-proof-'));
  try {
    const signature = readRecords(journal).at(-1) as RecordOf<'signature'>;
    const script = `
      printf '%s\\n' "$SIGNER" > "$DIR/allowed_signers"
      tail -n1 "$JOURNAL" | jq -r .sig > "$DIR/sig"
      head -c "$(tail -n1 "$JOURNAL" | jq .over)" "$JOURNAL" |
        TZ=UTC ssh-keygen -Y verify -f "$DIR/allowed_signers" -I alice@ops -n "$NS" -Overify-time="$AT" -s "$DIR/sig"`;
    return execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        DIR: directory,
        JOURNAL: journal,
        NS: namespace,
        AT: signature.at.replaceAll(/[-:T]/g, '').slice(0, 14),
        SIGNER: `alice@ops cert-authority,namespaces="${namespace}" ${publicKey}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
