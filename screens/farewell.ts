import { EXIT } from '../src/problem.ts';
import type { Session } from './session.ts';
import type { Model } from './ui-state.ts';

/**
 * What stays on the terminal when the screens are gone, as plain lines that are not cut, so that they can be copied: how
 * to come back, or where the journal is and how to verify it.
 */
export function farewell({ session, messages }: Model, exit: number): string[] {
  const said = messages.farewell;
  if (!session) return exit === EXIT.cancelled ? [said.cancelled] : [];
  const { run, state, receipt } = session;
  const path = journalPath(session);
  const journal = said.journal(path);
  const unsaved = session.trouble?.unsaved ?? [];
  if (unsaved.length > 0) return [said.unsaved, ...unsaved.map((line) => line.trimEnd()), said.suspended(run), journal];
  if (state.seal) return [journal, said.verify(`tejun verify ${shellWord(path)}`), ...(receipt ? [receipt] : [])];
  if (session.behindMs !== undefined) return [said.elsewhere(run)];
  const ended = state.suspended || session.lost;
  // A rehearsal's platform ends with its engine: there is nothing left to go on with.
  if (ended && session.plan.environment.rehearsal) return [said.rehearsalOver, journal];
  return [ended ? said.suspended(run) : said.detached(run), journal];
}

/** What `tejun verify` takes for this run: the path of its journal, or its id when it is another host's. */
export function journalPath({ run, directory }: Session): string {
  return directory === '' ? run : `${directory}/journal.jsonl`;
}

/** A path that a shell reads as one word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
