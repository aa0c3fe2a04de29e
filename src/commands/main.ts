import { CommanderError } from 'commander';
import { EXIT, faultText, Problem } from '../problem.ts';
import { commandTree } from './command-tree.ts';

/**
 * Reads the arguments, runs the command and returns the exit code (docs/exit-codes.md). Commands are imported when they are
 * called: `--help` and `--version` load neither Ink nor pg.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // `tejun plan … | head` closes the pipe early; that is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
  let exit: number = EXIT.done;
  let language: string | undefined;
  const program = commandTree((code) => {
    exit = code;
  });
  program.hook('preAction', (_, command) => {
    language = command.opts<{ lang?: string }>().lang;
  });
  try {
    await program.parseAsync([...argv]);
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof Problem) {
      const { problemText } = await import('./problem-text.ts');
      process.stderr.write(`${await problemText(error.detail, process.env, language)}\n`);
      return error.exit;
    }
    // A fault of tejun: no stack and no data, because nobody has redacted them; TEJUN_DEBUG asks for the stack.
    process.stderr.write(`✖ tejun failed: ${faultText(error)}\n  → report it; TEJUN_DEBUG=1 shows where\n`);
    if (process.env['TEJUN_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return EXIT.bug;
  }
}
