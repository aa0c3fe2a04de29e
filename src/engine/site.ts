import type { Flow, Runbook, SecretSpec } from '../runbook/types.ts';

/** Where a run takes place: the operator's host, or the rehearsal's platform on this machine (design §8). */
export interface Site {
  /** Working directory of the steps. */
  cwd: string;
  /** Environment of the steps: allow-listed variables of the host; in a rehearsal PATH has the stand-ins first. */
  env: Readonly<Record<string, string>>;
  /** For the journal's `platform.ready`; absent on the operator's own host. */
  ready?: { what: string; details: Readonly<Record<string, string>> };
  /** Turns values into the site's own: a rehearsal points every URL at this machine. */
  values(values: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** The rehearsal's own value for a secret, offered to the operator; undefined elsewhere. */
  secretFor(spec: SecretSpec): Buffer | undefined;
  /** Ends everything that was started here. */
  close(): Promise<void>;
}

/** What opening a site needs to know of the run. */
export interface SiteRequest {
  run: string;
  runbook: Runbook;
  /** Values before `Site.values`. */
  values: Readonly<Record<string, string>>;
  /** `setup` finds an empty platform; the other flows find the app already running. */
  fresh: boolean;
  /** The walk of the run; a drill breaks the platform where that walk meets it (an incident finds it broken). */
  flow?: Flow;
  /** Name of a drill: something that the rehearsal breaks on purpose. */
  drill?: string;
  /** Port of the app's loopback URL; free one when absent. */
  port?: number;
}
