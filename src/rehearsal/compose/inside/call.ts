import type { Readable } from 'node:stream';
import type { Host } from '../network.ts';

/** A program that is run inside of a container: as a child of the container's shell, or straight by `exec`. */
export interface InsideCall {
  program: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** The image's directory, which is where a command begins. */
  cwd: string;
  stdin: Readable;
  signal: AbortSignal;
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** The container's name. */
  self: string;
  hosts: readonly Host[];
}

export type InsideProgram = (call: InsideCall) => Promise<number>;
