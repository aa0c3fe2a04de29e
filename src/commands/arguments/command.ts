import type { Command } from 'commander';

/**
 * Declares one command: its name, its arguments and what they mean. What the command does is imported when it is called, so
 * that `--help`, `--version` and completion load neither Ink nor pg.
 *
 * @param exit takes the program's exit code (docs/exit-codes.md); 0 when it is not called
 */
export type Declare = (program: Command, exit: (code: number) => void) => void;
