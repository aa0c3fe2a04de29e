import type { SecretSource } from '../journal/records.ts';
import { Problem } from '../problem.ts';
import { WAYS_TO_GIVE } from './origin.ts';
import type { Maskability, Redactor } from './redactor.ts';
import type { Secret } from './secret.ts';

/** The secrets of a run, in the engine's memory and nowhere else. */
export interface Vault {
  /** Registers the secret with the redactor, then keeps it; one that was there under the name is wiped. */
  set(secret: Secret, source: SecretSource): Maskability;
  /** The secret; a `Problem` `secret-missing` when it was not given yet. */
  get(name: string): Secret;
  has(name: string): boolean;
  /** Where it was read from. */
  sourceOf(name: string): SecretSource | undefined;
  names(): readonly string[];
  /** Overwrites every secret; the redactor goes on masking them. */
  wipe(): void;
}

/** An empty vault. What it is given is masked by `redactor` before anything else can see it. */
export function createVault(redactor: Pick<Redactor, 'register'>): Vault {
  const held = new Map<string, { secret: Secret; source: SecretSource }>();
  return {
    set(secret, source) {
      const maskability = redactor.register(secret);
      const before = held.get(secret.name);
      if (before && before.secret !== secret) before.secret.wipe();
      held.set(secret.name, { secret, source });
      return maskability;
    },
    get(name) {
      const entry = held.get(name);
      if (entry) return entry.secret;
      throw new Problem({
        code: 'secret-missing',
        what: `The secret ${name} was not given.`,
        means: 'What needs it was not started.',
        next: [`enter ${name} on the Secrets screen`, ...WAYS_TO_GIVE],
      });
    },
    has: (name) => held.has(name),
    sourceOf: (name) => held.get(name)?.source,
    names: () => [...held.keys()],
    wipe() {
      for (const { secret } of held.values()) secret.wipe();
      held.clear();
    },
  };
}
