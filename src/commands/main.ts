import { Command, CommanderError } from 'commander';
import { EXIT, faultText, formatProblem, Problem } from '../problem.ts';
import { version } from '../program.ts';
import type { Declare } from './arguments/command.ts';
import { config } from './arguments/config.ts';
import { engine } from './arguments/engine.ts';
import { home } from './arguments/home.ts';
import { incident } from './arguments/incident.ts';
import { plan } from './arguments/plan.ts';
import { rehearse } from './arguments/rehearse.ts';
import { report } from './arguments/report.ts';
import { resume } from './arguments/resume.ts';
import { run } from './arguments/run.ts';
import { runs } from './arguments/runs.ts';
import { verify } from './arguments/verify.ts';
import { watch } from './arguments/watch.ts';

/** The commands, in the order in which `--help` lists them. */
const COMMANDS: readonly Declare[] = [
  home,
  incident,
  plan,
  run,
  rehearse,
  resume,
  watch,
  runs,
  verify,
  report,
  config,
  engine,
];

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
  const program = commands((code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...argv]);
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof Problem) {
      process.stderr.write(`${formatProblem(error)}\n`);
      return error.exit;
    }
    // A fault of tejun: no stack and no data, because nobody has redacted them; TEJUN_DEBUG asks for the stack.
    process.stderr.write(`✖ tejun failed: ${faultText(error)}\n  → report it; TEJUN_DEBUG=1 shows where\n`);
    if (process.env['TEJUN_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return EXIT.bug;
  }
}

function commands(exit: (code: number) => void): Command {
  const program = new Command('tejun')
    .description('Walks you through a deployment runbook, and seals a log of everything it did.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(tejun --help shows the commands)')
    .addHelpText(
      'after',
      `
Examples:
  tejun                                            choose a runbook and walk it
  tejun cabanas-staging                            open that runbook
  tejun incident cabanas-staging                   something is wrong: look, and put it right
  tejun plan cabanas-staging --env staging         print every step before anything runs
  tejun run cabanas-staging --env rehearsal --auto walk it on this machine, without a terminal
  tejun resume                                     go back to the run that is not finished
  tejun runs                                       list the runs and where their journals are
  tejun verify FILE                                check a sealed journal
  tejun report RUN --format html > report.html     tell a team what happened`,
    );

  for (const declare of COMMANDS) declare(program, exit);
  return program;
}
