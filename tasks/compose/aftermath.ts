import type { Command, Exit } from '../../src/exec/command.ts';
import type { Json } from '../../src/journal/records.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { cutShort } from '../cut-short.ts';
import { ailments, inWords, serviceRows } from './ailments.ts';
import type { Container } from './containers.ts';
import { lastWord, refusal } from './refusal.ts';

/** What is known once `up` has ended, however it ended. */
export interface Aftermath {
  services: readonly string[];
  mayExit: readonly string[];
  before: readonly Container[];
  /** Undefined when it could not be read. */
  after: readonly Container[] | undefined;
  /** When `after` was read. */
  at: Date;
}

/**
 * Two questions that one exit code cannot answer: do the new containers run (*released*), and do they run well (*healthy*)?
 *
 * - `healthy` every service is well, and `up` ended well
 * - `unhealthy` at least one container is new, and something is wrong
 * - `not-released` what runs is what ran before
 * - `up-failed` all is well, yet `up` reported an error
 * - `interrupted` it was cut short
 * - `unverified` what runs now could not be read: nothing is claimed about it
 */
export type Finding = 'healthy' | 'unhealthy' | 'not-released' | 'up-failed' | 'interrupted' | 'unverified';

/** Services whose containers are not those of before. Pure. */
export function replaced({ services, before, after = [] }: Aftermath): string[] {
  const known = new Set(before.map(({ id }) => id));
  return services.filter((service) => after.some((one) => one.service === service && !known.has(one.id)));
}

/** What is wrong now. Pure. */
export function wrongNow({ services, mayExit, after = [], at }: Aftermath): string[] {
  return ailments(after, { services, mayExit, now: at });
}

/** @param cut how `up` was cut short, if it was. Pure. */
export function findOut(exit: Exit, aftermath: Aftermath, cut: string | undefined): Finding {
  if (cut !== undefined) return 'interrupted';
  if (!aftermath.after) return 'unverified';
  const well = wrongNow(aftermath).length === 0;
  if (well) return exit.code === 0 ? 'healthy' : replaced(aftermath).length > 0 ? 'up-failed' : 'not-released';
  return replaced(aftermath).length > 0 ? 'unhealthy' : 'not-released';
}

/** For the journal: `{released, healthy, replaced, services}`, as it is now. */
export function evidenceOf(aftermath: Aftermath): { [key: string]: Json } {
  const { after, services } = aftermath;
  const changed = replaced(aftermath);
  return {
    released: changed.length > 0,
    healthy: after !== undefined && wrongNow(aftermath).length === 0,
    replaced: changed,
    services: after ? serviceRows(after, services) : [],
  };
}

/** One line for the table. */
export function summarize(finding: Finding, aftermath: Aftermath, cut: string | undefined): string {
  const now = aftermath.after ? inWords(aftermath.after, aftermath.services) : 'the state could not be read';
  const changed = replaced(aftermath);
  switch (finding) {
    case 'healthy':
      return `${now} · ${changed.length === 0 ? 'nothing had to change' : `new: ${changed.join(', ')}`}`;
    case 'unhealthy':
      return `released, not healthy · ${now}`;
    case 'not-released':
      return `not released · ${now}`;
    case 'up-failed':
      return `released and healthy, yet compose failed · ${now}`;
    case 'interrupted':
      return `it ${cut} · ${now}`;
    case 'unverified':
      return `not verified · ${now}`;
  }
}

/** What a finding means for the operator, and what to do. Pure. */
export function explain(
  finding: Exclude<Finding, 'healthy'>,
  known: { command: Command; exit: Exit; aftermath: Aftermath; signal: AbortSignal },
): ProblemDetail {
  const { command, exit, aftermath, signal } = known;
  const wrong = aftermath.after ? wrongNow(aftermath) : [];
  const said = exit.code === 0 ? undefined : lastWord(exit);
  const look = ['docker compose ps -a', 'docker compose logs --tail 50 SERVICE'];
  const back = 'go back to the commit before (rollback)';
  switch (finding) {
    case 'unhealthy':
      return {
        code: 'released-not-healthy',
        what: `New containers run (${replaced(aftermath).join(', ')}), but not all is well: ${wrong.join('; ')}.`,
        ...(said ? { means: `Compose: ${said}` } : {}),
        next: [...look, back],
      };
    case 'not-released': {
      const refused = refusal(command, exit, signal);
      const still =
        wrong.length === 0 ? 'What ran before still runs, and is healthy.' : `${capital(wrong.join('; '))}.`;
      if (exit.code !== 0 && refused.code !== 'compose-failed') return { ...refused, means: refused.means ?? still };
      return {
        code: 'not-released',
        what: said
          ? `No container was replaced: ${said}`
          : `No container was replaced, and not all is well: ${wrong.join('; ')}.`,
        means: still,
        next: ['read its output (l)', ...look],
      };
    }
    case 'up-failed':
      return {
        code: 'released-with-error',
        what: `Compose reported an error, yet every service is well: ${said}`,
        means: 'A one-shot service that no other depends on makes --wait fail when it ends, also with 0.',
        next: ['read its output (l)', 'go on by hand when it is harmless', ...look],
      };
    case 'interrupted':
      return {
        code: 'deploy-interrupted',
        what: `"${asTyped(command)}" ${cutShort(exit, signal)} before it ended.`,
        means: aftermath.after
          ? `Now: ${inWords(aftermath.after, aftermath.services)}${wrong.length === 0 ? '' : `; ${wrong.join('; ')}`}.`
          : 'What runs now could not be read.',
        next: [...look, 'run it again: it takes up what is there', back],
      };
    case 'unverified':
      return {
        code: 'deploy-unverified',
        what: said ?? 'Compose reported no error, but what runs now could not be read.',
        means: 'New containers may run or not.',
        next: look,
      };
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
