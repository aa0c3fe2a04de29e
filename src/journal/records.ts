/**
 * The records of a journal, in the order in which a run writes them. A journal is JSON Lines; each line is one
 * record with its place in the chain. The schema is a stable interface (docs/journal.md).
 *
 * Nothing here holds a secret: the writer passes every record through the redactor before it is hashed.
 */

export const JOURNAL_FORMAT = 1;

/** SSHSIG namespaces. A rehearsal signs under its own, so that its seal can never pass for a real run's. */
export const NAMESPACE = { real: 'journal@tejun', rehearsal: 'rehearsal@tejun' } as const;

/** `prev` of the first record. */
export const GENESIS = '0'.repeat(64);

export type Outcome = 'passed' | 'failed' | 'skipped' | 'refused' | 'unknown';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** What every record carries. */
export interface Link {
  seq: number;
  /** Wall clock, ISO 8601 UTC: a label, never used to order or to expire. */
  at: string;
  /** Milliseconds on the engine's monotonic clock since its start. */
  mono: number;
  /** SHA-256, hex, of the previous line including its newline; `GENESIS` for the first. */
  prev: string;
}

export interface Person {
  /** The principal that signs, e.g. `alice@ops`. */
  name: string;
  host: string;
  /** Of the login, when it is one over SSH: the client's address. */
  from?: string;
}

/** A step's redacted output, in a file beside the journal. */
export interface OutputDigest {
  /** Relative to the run's directory. */
  file: string;
  /** Of what was written, hex. */
  sha256: string;
  bytes: number;
  /** Why the rest of it is not there: the disk failed while the step ran. */
  fault?: string;
}

/** A process by its number and the name of its program. */
export interface ProcessName {
  pid: number;
  name: string;
}

/** An engine that holds a lock, as the next operator is told. No secret is in it: any role of the database may read it. */
export interface Holder {
  run: string;
  /** The principal, e.g. `alice@ops`. */
  operator: string;
  host: string;
  /** Of the login, when it is one over SSH: the client's address. */
  from?: string;
  /** When it took the lock: ISO 8601, UTC. */
  since: string;
  /** Of its engine, on its host, when there is one already. */
  pid?: number;
  /** Title of the step that runs, or ran last. */
  step?: string;
}

/** What keeps a second operator out: the kernel's lock on this host, or PostgreSQL's on the environment's database or the team's store. */
export type LockScope = 'host' | 'database' | 'store';

/** Kind of place a secret was read from; never its value, length or hash. */
export type SecretSource = 'typed' | 'stdin' | 'file' | 'env' | 'command' | 'dotenv' | 'rehearsal' | 'step';

/** How the run key came to be trusted. */
export type SignerSource = 'agent' | 'file' | 'own' | 'none';

/** A second person's consent, as the journal keeps it: what was approved, and the signature that says so (approval.ts). */
export interface ApprovalRecord {
  /** SHA-256, hex, of the line of the run's first record. */
  begin: string;
  /** SHA-256, hex, of the plan that the approver was shown. */
  plan: string;
  /** SSHSIG, armored. */
  sig: string;
  /** Of the approver's key: SHA256:…, and one OpenSSH line. */
  fingerprint: string;
  publicKey: string;
}

export interface ProblemRecord {
  code: string;
  what: string;
  means?: string;
  next?: readonly string[];
}

export type Entry =
  | {
      type: 'begin';
      format: typeof JOURNAL_FORMAT;
      run: string;
      /** 128 random bits, hex: two runs never share a first line. */
      nonce: string;
      tejun: string;
      runbook: { path: string; title: string; digest: string };
      environment: string;
      rehearsal: boolean;
      drill?: string;
      flow: string;
      /** Heading of the part of the flow that is walked, when it is not all of it. */
      section?: string;
      operator: Person;
      bootId?: string;
      pid: number;
      /** Working directory of the steps, where a resumed run goes on; absent in a rehearsal, whose directory is gone. */
      cwd?: string;
      values: Readonly<Record<string, string>>;
      plan: readonly { id: string; stage: string; title: string; uses: string; effect: string }[];
      path: readonly string[];
      checklist: readonly { id: string; text: string; steps: readonly string[] }[];
      /** Head of the previous run's journal on this host, when there is one: a run taken away shows. */
      prevRun?: { run: string; head: string };
    }
  | {
      /** The run key and who vouches for it. `certificate` is an OpenSSH certificate line. */
      type: 'signer';
      source: SignerSource;
      by: string;
      /** SHA256:… fingerprint of the operator's key. */
      fingerprint?: string;
      /** The operator's public key, one OpenSSH line. */
      publicKey?: string;
      runKey?: string;
      certificate?: string;
      /** Why there is no signer, or why a better one was not used. */
      note?: string;
    }
  | { type: 'platform.ready'; what: string; details: Readonly<Record<string, string>> }
  /** With `approval`, which the guard `approve` asks for, `by` is the approver. */
  | { type: 'guard.satisfied'; guard: string; how: string; approval?: ApprovalRecord; by: string }
  | {
      type: 'secret.set';
      name: string;
      source: SecretSource;
      /** The environment whose value it was compared with, and is another than. */
      differsFrom?: string;
      by: string;
    }
  | {
      type: 'step.intent';
      step: string;
      attempt: number;
      effect: string;
      /** What will run, secrets as `$NAME`. */
      command: readonly string[];
      /** The text of the step as an operator changed it for this run; the runbook's own is in the file of its digest. */
      edited?: string;
      inputs?: Json;
      /** The name that was given before a step destroys it, and whether it was typed or came with a flag. */
      confirmed?: { text: string; how: 'typed' | 'flag' };
      timeoutMs: number;
      by: string;
    }
  | {
      type: 'step.result';
      step: string;
      attempt: number;
      outcome: Outcome;
      ms: number;
      /** One line for the table. */
      summary: string;
      exit?: number;
      signal?: string;
      /** Full redacted output beside the journal, by its digest. */
      output?: OutputDigest;
      evidence?: Json;
      captured?: Readonly<Record<string, string>>;
      problem?: ProblemRecord;
      /** Processes that it started and that were still there when it ended. */
      left?: readonly ProcessName[];
      /** The step's retry goes on: the next attempt starts in so many milliseconds. */
      againInMs?: number;
    }
  /** Something was asked that a guard, a budget or an order of steps did not allow; nothing was run. */
  | { type: 'refused'; step?: string; problem: ProblemRecord; by: string }
  /** A step that was not run by tejun: left out, refused, or done by hand and attested. */
  | {
      type: 'step.settled';
      step: string;
      outcome: 'skipped' | 'refused' | 'passed';
      how: 'skipped' | 'by-hand' | 'refused';
      reason: string;
      by: string;
    }
  | { type: 'checklist'; item: string; state: 'done' | 'not-applicable' | 'not-done'; note?: string; by: string }
  | { type: 'note'; text: string; by: string }
  /**
   * Something is wrong: the path rests until the incident is closed. `symptom` is the heading of the triage that is looked at,
   * all of it when absent; said again when another one is looked at.
   */
  | { type: 'incident.opened'; symptom?: string; by: string }
  /** It is over; `finding` says what it was. */
  | { type: 'incident.closed'; finding: string; by: string }
  /** `attached`: an operator's screens came, `from` an address when over SSH. `lost`: the last ones went. */
  | { type: 'screens'; state: 'attached' | 'lost'; by: string; from?: string }
  /** The wall clock moved by so many milliseconds against the monotonic one since the record before: it was set, or the host slept. */
  | { type: 'clock'; jumpMs: number }
  | { type: 'stop.asked'; how: 'after-step' | 'now'; by: string }
  /** The run has its lock; `again` after the connection that holds it had broken off. */
  | { type: 'lock.held'; scope: LockScope; again?: boolean; by: string }
  /** The connection that holds the lock broke off, or none to the team's store came about; whether another has it now is told by what follows. */
  | { type: 'lock.away'; scope: LockScope; by: string }
  /** The run took a lock over from another, whose id the operator typed. */
  | { type: 'lock.taken'; scope: LockScope; from: Holder; by: string }
  /** The run lost its lock to another (`to`, when it is known): it starts no further step. `by` is who took it, else its own operator. */
  | { type: 'lock.lost'; scope: LockScope; to?: Holder; by: string }
  | { type: 'suspended'; reason: string }
  | {
      type: 'resumed';
      by: string;
      /** A torn end that was cut off, and the file that keeps it. */
      recovered?: { bytes: number; file: string };
      /** Of this boot of the host: another one than before says that the host was restarted. */
      bootId?: string;
      /** Processes of the engine before that were still running, and were ended. */
      ended?: readonly ProcessName[];
    }
  | {
      type: 'seal';
      outcome: 'completed' | 'rolled-back' | 'failed' | 'abandoned';
      /** Ids of checklist items that are not done. */
      open: readonly string[];
      counts: Readonly<Record<Outcome, number>>;
      by: string;
      /** The run was over, or had stopped, when this was written: what came before was signed afterwards. */
      late?: true;
    }
  | {
      /** SSHSIG (armored) over bytes 0…over of this file; written at step boundaries and after the seal. */
      type: 'signature';
      over: number;
      by: string;
      ns: string;
      final: boolean;
      sig: string;
    };

export type JournalRecord = Entry & Link;
export type RecordOf<T extends Entry['type']> = Extract<Entry, { type: T }> & Link;
