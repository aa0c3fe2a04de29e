import { EXIT } from '../src/problem.ts';
import type { Model } from './ui-state.ts';

/**
 * What stays on the terminal when the screens are gone, as plain lines that are not cut, so that they can be copied: how
 * to come back, or where the journal is and how to verify it.
 */
export function farewell({ session, messages }: Model, exit: number): string[] {
  const said = messages.farewell;
  if (!session) return exit === EXIT.cancelled ? [said.cancelled] : [];
  const { run, directory, state } = session;
  const journal = said.journal(`${directory}/journal.jsonl`);
  if (state.seal) return [journal, said.verify(verifyCommand(run))];
  return [state.suspended || session.lost ? said.suspended(run) : said.detached(run), journal];
}

/** The command that checks a run's journal. */
export function verifyCommand(run: string): string {
  return `tejun verify ${run}`;
}
