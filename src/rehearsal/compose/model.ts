import type { ChildProcess } from 'node:child_process';
import type { Healthcheck } from './compose-file.ts';

/** A built or pulled image: a copy of its build context's files, named by their digest. */
export interface Image {
  /** `sha256:…` */
  id: string;
  /** `REPOSITORY:TAG`; undefined once a newer image has the name. */
  ref: string | undefined;
  directory: string;
  bytes: number;
  createdAt: Date;
}

export type State = 'created' | 'running' | 'restarting' | 'exited';
export type Health = 'starting' | 'healthy' | 'unhealthy';

/** What a container runs here. */
export type Role = 'api' | 'web' | 'worker' | 'beat' | 'db' | 'redis' | 'gateway';

export interface LogLine {
  at: Date;
  stream: 'stdout' | 'stderr';
  text: string;
}

export interface Container {
  /** 64 hexadecimal digits. */
  id: string;
  name: string;
  project: string;
  service: string;
  role: Role;
  image: Image;
  ref: string;
  command: readonly string[];
  /** The variables of its processes, as the compose file gives them. */
  env: Readonly<Record<string, string>>;
  networks: readonly string[];
  restart: string;
  cpus: number;
  memory: number;
  healthcheck?: Healthcheck;
  /** What it was made from: `up` makes another one when it differs. */
  hash: string;
  state: State;
  health?: Health;
  healthLog: { at: Date; exit: number; output: string }[];
  failingStreak: number;
  exitCode: number;
  restarts: number;
  createdAt: Date;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** Told to stop: it does not come back by itself. */
  stopping: boolean;
  process?: ChildProcess;
  logs: LogLine[];
}
