import type { Site, SiteRequest } from '../engine/site.ts';
import { EXIT, Problem } from '../problem.ts';

/** How the rehearsal is opened. */
export interface RehearsalOptions {
  /** Environment of the host, of which the allow-listed variables reach the steps; `process.env` when absent. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Starts a rehearsal's platform on this machine and gives it as the run's site. */
export async function openRehearsal(_request: SiteRequest, _options: RehearsalOptions = {}): Promise<Site> {
  throw new Problem({ code: 'rehearsal-not-built', what: 'The rehearsal is not built yet.' }, EXIT.rehearsal);
}
