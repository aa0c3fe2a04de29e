import type { ChildProcess } from 'node:child_process';
import type { Ground } from '../stand-in.ts';

/** What Render would hold of a workspace. Ids have Render's prefixes. */
export interface Workspace {
  ground: Ground;
  key: string;
  account: { name: string; email: string };
  owner: { id: string; name: string; email: string; type: 'team' };
  services: Service[];
  databases: Postgres[];
  logs: LogLine[];
  /** Programs on the PATH of services and jobs. */
  bin: string;
  directory: string;
  /** Answers that a test wants instead of the real ones, used up one by one. */
  refusals: { status: number; headers: Record<string, string> }[];
  jobs: Job[];
  /** Called when a deploy has gone live; a drill breaks things then. */
  wentLive?: () => void;
}

export interface Service {
  id: string;
  name: string;
  branch: string;
  autoDeploy: 'yes' | 'no';
  suspended: 'suspended' | 'not_suspended';
  envVars: Map<string, string>;
  /** Newest first. */
  deploys: Deploy[];
  /** Newest first. */
  events: Event[];
  /** Commits of the branch, oldest first. */
  commits: Commit[];
  /** What serves. */
  instance?: Instance;
  /** Deploys run one after another. */
  queue: Promise<void>;
  waiting: number;
  host: string;
  createdAt: string;
}

export interface Commit {
  id: string;
  message: string;
  createdAt: string;
  directory: string;
}

export interface Deploy {
  id: string;
  status: string;
  trigger: 'api' | 'rollback' | 'new_commit' | 'manual';
  commit: Commit;
  /** What was built; absent before. */
  build?: string;
  createdAt: string;
  startedAt?: string;
  updatedAt: string;
  finishedAt?: string;
}

export interface Job {
  id: string;
  serviceId: string;
  startCommand: string;
  planId: string;
  status: 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  child?: ChildProcess;
}

export interface Postgres {
  id: string;
  name: string;
  url: string;
}

export interface Instance {
  port: number;
  child: ChildProcess;
  stopping: boolean;
}

export interface Event {
  id: string;
  type: string;
  timestamp: string;
  details: Record<string, string>;
}

export interface LogLine {
  id: string;
  message: string;
  timestamp: string;
  resource: string;
  type: 'app' | 'build' | 'request';
  level: 'info' | 'warning' | 'error';
}
