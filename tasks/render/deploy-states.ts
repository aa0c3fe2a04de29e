import type { ProblemCode } from '../../src/problem-codes.ts';
import type { Deploy } from './answers.ts';

/** Where a deploy stands, from Render's own list of states. A state that is not in it is taken as still going. */
export type Standing = 'going' | 'live' | 'replaced' | 'failed';

export function standing({ status }: Pick<Deploy, 'status'>): Standing {
  if (status === 'live') return 'live';
  if (status === 'deactivated') return 'replaced';
  return FAILURES[status] ? 'failed' : 'going';
}

interface Failure {
  code: ProblemCode;
  /** In words, without a full stop. */
  what: string;
}

const FAILURES: Readonly<Record<string, Failure>> = {
  build_failed: { code: 'render-build-failed', what: 'The build failed' },
  update_failed: {
    code: 'render-update-failed',
    what: 'The new version did not start, or never answered its health check',
  },
  pre_deploy_failed: { code: 'render-pre-deploy-failed', what: 'The pre-deploy command failed' },
  canceled: { code: 'render-canceled', what: 'The deploy was cancelled' },
};

/** Why a deploy failed; undefined for one that did not. */
export function failureOf({ status }: Pick<Deploy, 'status'>): Failure | undefined {
  return FAILURES[status];
}

/** The deploy that serves now. */
export function liveOf(deploys: readonly Deploy[]): Deploy | undefined {
  return deploys.find((deploy) => standing(deploy) === 'live');
}

/**
 * Deploys to go back to, the newest first: those that were live once (`deactivated`), with other code than serves now. Of
 * several deploys of the same code the newest is offered. Pure.
 *
 * @param deploys newest first, as Render lists them
 */
export function rollbackTargets(deploys: readonly Deploy[]): Deploy[] {
  const seen = new Set<string>();
  const live = liveOf(deploys);
  if (live) seen.add(codeOf(live));
  return deploys.filter((deploy) => {
    if (standing(deploy) !== 'replaced' || seen.has(codeOf(deploy))) return false;
    seen.add(codeOf(deploy));
    return true;
  });
}

/** `dep-… · 1a2b3c4 the commit's first line · when`, for a person. */
export function inWords(deploy: Deploy): string {
  return [codeInWords(deploy), deploy.createdAt].filter(Boolean).join(' · ');
}

/** The same without the time. */
export function codeInWords({ id, commit, image }: Deploy): string {
  const code = commit ? `${commit.id.slice(0, 7)} ${commit.message?.split('\n', 1)[0] ?? ''}`.trim() : image?.ref;
  return [id, code].filter(Boolean).join(' · ');
}

/** What tells two deploys' code apart: the commit, the image, or else the deploy itself. */
function codeOf({ commit, image, id }: Deploy): string {
  return commit?.id ?? image?.ref ?? id;
}
