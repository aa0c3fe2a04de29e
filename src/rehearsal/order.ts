/** What `openRehearsal` tells the platform on the first line of its standard input, and what the platform answers. */
import type { ProblemDetail } from '../problem.ts';
import type { SecretFormat } from '../runbook/types.ts';
import type { AppOrder } from './apps.ts';
import type { DrillName } from './drills.ts';

export interface Order {
  world: string;
  /** Whether the runbook deploys to Fly: only then is there an app before the walk begins. */
  fly: boolean;
  /** The tasks of the runbook's steps, and the texts of its scripts: they tell which platforms it needs. */
  uses: readonly string[];
  bodies: readonly string[];
  /** The runbook's values, as written. */
  values: Readonly<Record<string, string>>;
  app: string;
  /** Every app, where the runbook deploys several. */
  apps: readonly AppOrder[];
  /** Directory of SQL files that those who deploy run themselves. */
  migrations?: string;
  /** Files of `NAME=value` that the project has. */
  settings: readonly { path: string; lines: readonly string[] }[];
  /** Name of the PostgreSQL app that belongs to it. */
  postgres: string;
  /** Public hosts that need an address here; the app's own is the first. */
  hosts: readonly string[];
  /** 0: a free one. */
  port: number;
  /** Whether the app is already there, deployed three times and healthy. */
  existing: boolean;
  drill?: DrillName;
  /** The drill has broken the app before the operator comes. */
  broken: boolean;
  /** Secrets without which the service does not start. */
  requires: readonly string[];
  /** Every secret that the runbook declares, for the app that is already there. */
  secrets: readonly { name: string; format?: SecretFormat }[];
  configs: readonly string[];
  /** Path of the booking service. */
  service: string;
  token: string;
}

export interface Ready {
  /** Loopback origin of each of the order's hosts. */
  origins: Readonly<Record<string, string>>;
  /** The database that a secret with a connection string leads to. */
  database: string;
  redis: string;
  /** The platforms' own values of secrets, by name. */
  secrets: Readonly<Record<string, string>>;
  /** Added to the steps' environment. */
  env: Readonly<Record<string, string>>;
  /** Programs of the platforms, to stand first on PATH. */
  programs: readonly string[];
  details: Readonly<Record<string, string>>;
}

export type Answer = { ready: Ready } | { problem: ProblemDetail };
