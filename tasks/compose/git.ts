import type { Command } from '../../src/exec/command.ts';
import type { Project } from './project.ts';

/** What tejun asks of git in the checkout of a compose project; pure builders. */
const git = ({ directory }: Pick<Project, 'directory'>, ...args: string[]): Command => ({
  file: 'git',
  args: [...(directory === undefined ? [] : ['-C', directory]), ...args],
});

/** The branch; exit code 1 and nothing on a detached HEAD. */
export const currentBranch = (project: Project): Command => git(project, 'symbolic-ref', '-q', '--short', 'HEAD');

export const revision = (project: Project, name = 'HEAD'): Command =>
  git(project, 'rev-parse', '--verify', '-q', `${name}^{commit}`);

/** Tracked files that differ from the revision; files that git does not know (`.env`, backups) do not count. */
export const localChanges = (project: Project): Command =>
  git(project, 'status', '--porcelain', '--untracked-files=no');

/** `--ff-only`: a server's checkout has no commits of its own, and must never make a merge. */
export const pull = (project: Project, remote: string, branch: string): Command =>
  git(project, 'pull', '--ff-only', remote, branch);

export const switchTo = (project: Project, branch: string): Command => git(project, 'switch', branch);

export const checkout = (project: Project, commit: string): Command => git(project, 'checkout', '--detach', commit);

/** How many commits `to` has beyond `from`. */
export const countCommits = (project: Project, from: string, to: string): Command =>
  git(project, 'rev-list', '--count', `${from}..${to}`);

/** Hash, short hash, time and subject, parted by tabs: a subject may have one, and stands last. */
const COMMIT_FORMAT = '%H%x09%h%x09%cI%x09%s';

export const history = (project: Project, count: number): Command =>
  git(project, 'log', '-n', String(count), `--format=${COMMIT_FORMAT}`, 'HEAD');

/** Where this checkout has been, newest first: each pull, switch and checkout left an entry. */
export const reflog = (project: Project, count: number): Command =>
  git(project, 'reflog', '-n', String(count), `--format=${COMMIT_FORMAT}`, 'HEAD');
