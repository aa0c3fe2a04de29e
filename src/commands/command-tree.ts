import { Command } from 'commander';
import { version } from '../program.ts';
import { approve } from './arguments/approve.ts';
import type { Declare } from './arguments/command.ts';
import { completion } from './arguments/completion.ts';
import { config } from './arguments/config.ts';
import { doctor } from './arguments/doctor.ts';
import { engine } from './arguments/engine.ts';
import { home } from './arguments/home.ts';
import { incident } from './arguments/incident.ts';
import { keys } from './arguments/keys.ts';
import { plan } from './arguments/plan.ts';
import { rehearse } from './arguments/rehearse.ts';
import { report } from './arguments/report.ts';
import { resume } from './arguments/resume.ts';
import { run } from './arguments/run.ts';
import { runs } from './arguments/runs.ts';
import { seal } from './arguments/seal.ts';
import { show } from './arguments/show.ts';
import { store } from './arguments/store.ts';
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
  approve,
  watch,
  runs,
  show,
  verify,
  report,
  store,
  seal,
  keys,
  config,
  doctor,
  completion,
  engine,
];

/** The whole command line, declared: what help, completion and the manual page are made from. Runs nothing. */
export function commandTree(exit: (code: number) => void): Command {
  const program = new Command('tejun')
    .description('Walks you through a deployment runbook, and seals a log of everything it did.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('  → tejun --help shows the commands')
    // One family of errors, whoever found it.
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: (.)/, (_, first) => `✖ ${first.toUpperCase()}`)),
    })
    .addHelpText('after', HELP);

  for (const declare of COMMANDS) declare(program, exit);
  for (const command of program.commands) {
    const name = command.name() === 'home' ? 'tejun' : `tejun ${command.name()}`;
    command.showHelpAfterError(`  → ${name} --help explains it`);
  }
  return program;
}

const HELP = `
Examples:
  tejun                                            choose a runbook and walk it
  tejun cabanas-staging                            open that runbook
  tejun incident cabanas-staging                   something is wrong: look, and put it right
  tejun plan cabanas-staging --env staging         print every step before anything runs
  tejun run cabanas-staging --env rehearsal --auto walk it on this machine, without a terminal
  tejun resume                                     go back to the run that is not finished
  tejun approve RUN                                approve a colleague's run
  tejun runs                                       list the runs and where their journals are
  tejun verify FILE                                check a sealed journal
  tejun report RUN --format html > report.html     tell a team what happened

Every command explains itself: tejun COMMAND --help. All of it: man tejun.
Exit codes: 0 done · 2 it cannot be done so · 5 a step failed · 6 not finished (docs/exit-codes.md has them all)`;
