import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { currentBranch, localChanges, revision } from './git.ts';
import type { Project } from './project.ts';
import { ask, linesOf } from './reading.ts';
import { lastWord } from './refusal.ts';

/** Where a project's checkout is. */
export interface Checkout {
  /** All 40 digits. */
  commit: string;
  /** Undefined on a detached HEAD. */
  branch: string | undefined;
}

/**
 * Reads where the checkout is.
 *
 * @throws Problem `git-no-checkout` when there is none, `git-local-changes` when tracked files were edited by hand: what is
 * built from them is no revision that one could go back to
 */
export async function readCheckout(context: TaskContext, project: Project): Promise<Checkout> {
  const head = await context.exec(revision(project), { quiet: true });
  if (head.code !== 0) {
    throw new Problem(
      {
        code: 'git-no-checkout',
        what: `There is no git checkout in ${project.directory ?? context.cwd}: ${lastWord(head) ?? 'it has no commit'}`,
        means: 'Nothing was changed.',
        next: ['start tejun in the checkout, or name it: directory', 'git status'],
      },
      EXIT.failed,
    );
  }
  const changes = linesOf(await ask(context, localChanges(project)));
  if (changes.length > 0) throw changed(changes);
  const branch = await context.exec(currentBranch(project), { quiet: true });
  return { commit: head.stdout.trim(), branch: branch.code === 0 ? branch.stdout.trim() : undefined };
}

function changed(changes: readonly string[]): Problem {
  return new Problem(
    {
      code: 'git-local-changes',
      what: `Files of the checkout were changed by hand: ${changes.slice(0, 5).join(', ')}${changes.length > 5 ? ', …' : ''}.`,
      means: 'What would be built from them is no revision that one could go back to. Nothing was changed.',
      next: ['git diff', 'keep them: git stash', 'give them up: git restore .'],
    },
    EXIT.failed,
  );
}
