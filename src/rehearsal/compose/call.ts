import type { ProgramCall } from '../stand-in.ts';
import type { Words } from './flags.ts';

/** A call of `docker` or `docker-compose` that got as far as its command. */
export type Call = Pick<ProgramCall, 'cwd' | 'env' | 'stdin' | 'signal' | 'out' | 'err'> & { words: Words };

/** What Docker or compose says when it fails, and its exit code. */
export class DockerError extends Error {
  readonly exit: number;
  constructor(message: string, exit = 1) {
    super(message);
    this.exit = exit;
  }
}
