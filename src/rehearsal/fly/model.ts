/** What the platform knows: plain data, apart from a machine's process. */
import type { ChildProcess } from 'node:child_process';
import type { FlyConfig } from './config.ts';

/** A copy of a source directory, named by the digest of its files. */
export interface Image {
  /** `registry.fly.io/APP:deployment-…`. */
  ref: string;
  repository: string;
  tag: string;
  digest: string;
  directory: string;
  bytes: number;
}

export type ReleaseStatus = 'running' | 'complete' | 'failed' | 'interrupted';

export interface Release {
  id: string;
  version: number;
  status: ReleaseStatus;
  description: string;
  imageRef: string;
  createdAt: Date;
}

export interface Check {
  name: string;
  status: 'passing' | 'warning' | 'critical';
  output: string;
  updatedAt: Date;
}

export interface Machine {
  id: string;
  name: string;
  region: string;
  state: 'created' | 'started' | 'suspended' | 'stopped' | 'replacing' | 'destroyed';
  image: Image;
  instance: string;
  releaseId: string;
  releaseVersion: number;
  config: FlyConfig;
  /** Digests of the secrets that it was started with, by name. */
  secrets: ReadonlyMap<string, string>;
  checks: Check[];
  createdAt: Date;
  updatedAt: Date;
  events: { type: string; status: string; source: string; timestamp: number; exitCode?: number }[];
  /** Loopback port of its process. */
  port: number;
  /** Its process found the port taken, and is started again on another. */
  portTaken: boolean;
  process?: ChildProcess;
  /** When a request or a session last used it, in milliseconds; an idle one may be put to sleep (sleep.ts). */
  usedAt: number;
  /** Times that its process ended by itself since the last start that was asked for. */
  crashes: number;
}

export interface StoredSecret {
  value: string;
  /** Keyed, so that it tells nothing outside this platform. */
  digest: string;
}

export interface LogLine {
  at: Date;
  machine: string;
  region: string;
  level: 'info' | 'error';
  provider: 'app' | 'runner' | 'health';
  message: string;
}

export interface App {
  id: string;
  name: string;
  org: string;
  kind: 'app' | 'postgres';
  createdAt: Date;
  secrets: Map<string, StoredSecret>;
  /** Oldest first. */
  releases: Release[];
  machines: Machine[];
  images: Image[];
  /** Of the last deploy. */
  config?: FlyConfig;
  logs: LogLine[];
}
