import { Command, CommanderError, Option } from 'commander';
import { EXIT, formatProblem, Problem } from '../problem.ts';
import { version } from '../program.ts';
import { FLOWS, type Flow, REHEARSAL } from '../runbook/types.ts';

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
    const message = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : 'unknown error';
    process.stderr.write(`✖ tejun failed: ${message}\n  → report it; TEJUN_DEBUG=1 shows where\n`);
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
  tejun plan cabanas-staging --env staging         print every step before anything runs
  tejun run cabanas-staging --env rehearsal --auto walk it on this machine, without a terminal
  tejun resume                                     go back to the run that is not finished
  tejun runs                                       list the runs and where their journals are
  tejun verify FILE                                check a sealed journal`,
    );

  program
    .command('home', { isDefault: true, hidden: true })
    .argument('[runbook]', 'a file, or the name of a runbook that comes with tejun')
    .option('--env <name>', 'the environment to start with')
    .addOption(flowOption())
    .option('--lang <language>', 'ja, en or es')
    .addOption(portOption())
    .action(
      async (runbook: string | undefined, options: { env?: string; flow?: Flow; lang?: string; port?: number }) => {
        const { openHome } = await import('./home.ts');
        exit(await openHome({ runbook, ...options }));
      },
    );

  program
    .command('plan')
    .description('print every step that would run, in order, with its effect')
    .argument('<runbook>', 'a file, or the name of a runbook that comes with tejun')
    .requiredOption('--env <name>', 'the environment')
    .addOption(flowOption())
    .addOption(sectionOption())
    .option('--set <name=value>', 'a value of the runbook; may be repeated', collect, [])
    .option('--json', 'as JSON')
    .action(async (runbook: string, options: PlanArguments) => {
      const { planCommand } = await import('./plan.ts');
      const { env: environment, flow = 'setup', section, set, json = false } = options;
      process.stdout.write(await planCommand({ runbook, environment, flow, section, set, json }));
    });

  program
    .command('run')
    .description('walk a runbook in rehearsal without a terminal')
    .argument('<runbook>', 'a file, or the name of a runbook that comes with tejun')
    .requiredOption('--env <name>', 'the environment')
    .addOption(flowOption())
    .addOption(sectionOption())
    .requiredOption('--auto', 'take every suggested answer; in rehearsal only')
    .option('--set <name=value>', 'a value of the runbook; may be repeated', collect, [])
    .option('--drill <name>', 'something that the rehearsal breaks on purpose')
    .addOption(portOption())
    .option('--json', 'print the journal’s records as JSON lines')
    .action(async (runbook: string, options: RunOptions) => exit(await runCommand(runbook, options)));

  program
    .command('rehearse')
    .description('practise on this machine; with a drill, something breaks on purpose')
    .argument('<runbook>', 'a file, or the name of a runbook that comes with tejun')
    .option('--drill <name>', 'what the rehearsal breaks')
    .addOption(flowOption())
    .addOption(sectionOption())
    .option('--auto', 'without a terminal, taking every suggested answer')
    .option('--set <name=value>', 'a value of the runbook; may be repeated', collect, [])
    .option('--json', 'with --auto: the journal’s records as JSON lines')
    .option('--lang <language>', 'ja, en or es')
    .addOption(portOption())
    .action(async (runbook: string, { auto, lang, ...options }: RehearseOptions) => {
      // A drill meets what is already there; without one, a newcomer sees the whole way.
      const rehearsal = { ...options, env: REHEARSAL, flow: options.flow ?? (options.drill ? 'redeploy' : 'setup') };
      if (auto) return exit(await runCommand(runbook, rehearsal));
      const { openHome } = await import('./home.ts');
      exit(await openHome({ runbook, ...rehearsal, ...(lang ? { lang } : {}) }));
    });

  program
    .command('resume')
    .alias('attach')
    .description('go back to a run: to its engine, or to its journal when the engine is gone')
    .argument('[run]', 'the id of the run; the newest unfinished one when left out')
    .option('--lang <language>', 'ja, en or es')
    .action(async (run: string | undefined, options: { lang?: string }) => {
      const { latestUnfinished } = await import('./resume.ts');
      const { openHome } = await import('./home.ts');
      exit(await openHome({ attach: run ?? latestUnfinished(process.env), ...options }));
    });

  program
    .command('runs')
    .description('list the runs on this host, newest first')
    .option('--json', 'as a JSON array')
    .action(async (options: { json?: boolean }) => {
      const { formatRuns, listRuns } = await import('./runs.ts');
      const runs = listRuns(process.env);
      process.stdout.write(`${options.json ? JSON.stringify(runs, null, 2) : formatRuns(runs)}\n`);
    });

  program
    .command('verify')
    .description('say whether a journal is sealed, whole and signed')
    .argument('<file>', 'a journal.jsonl, or the id of a run on this host')
    .option('--allowed-signers <file>', 'whom to trust, as OpenSSH writes it (ssh-keygen(1))')
    .option('--receipt <line>', 'the receipt that was printed at the seal')
    .option('--rehearsal', 'a sealed rehearsal is what is expected')
    .option('--json', 'the verdict as JSON')
    .action(async (file: string, options: VerifyOptions) => {
      const { verifyCommand } = await import('./verify.ts');
      const { journalOf } = await import('./runs.ts');
      const verdict = verifyCommand({ file: journalOf(process.env, file), ...options });
      process.stdout.write(verdict.text);
      exit(verdict.exit);
    });

  program.command('engine', { hidden: true }).action(async () => {
    const { serveEngine } = await import('./engine.ts');
    // Sockets of screens that linger must not keep an engine that has ended.
    process.exit(await serveEngine());
  });
  return program;
}

interface PlanArguments {
  env: string;
  flow?: Flow;
  section?: string;
  set: string[];
  json?: boolean;
}

interface RunOptions {
  env: string;
  flow?: Flow;
  section?: string;
  set: string[];
  drill?: string;
  port?: number;
  json?: boolean;
}

interface RehearseOptions extends Omit<RunOptions, 'env'> {
  auto?: boolean;
  lang?: string;
}

interface VerifyOptions {
  allowedSigners?: string;
  receipt?: string;
  rehearsal?: boolean;
  json?: boolean;
}

async function runCommand(runbook: string, options: RunOptions): Promise<number> {
  const { runAuto } = await import('./run.ts');
  const { parseSettings } = await import('./settings.ts');
  const { describeRecord } = await import('./narrate.ts');
  const { env: environment, flow = 'setup', section, set, drill, port, json } = options;
  const values = parseSettings(set);
  const spec = {
    ...{ runbook, environment, flow, values },
    ...(section === undefined ? {} : { section }),
    ...(drill ? { drill } : {}),
    ...(port ? { port } : {}),
  };
  return runAuto(
    spec,
    (record) => {
      const line = json ? JSON.stringify(record) : describeRecord(record);
      if (line !== undefined) process.stdout.write(`${line}\n`);
    },
    (line) => process.stderr.write(`${line}\n`),
  );
}

function flowOption(): Option {
  return new Option('--flow <flow>', 'what to do').choices([...FLOWS]);
}

function sectionOption(): Option {
  return new Option('--section <heading>', 'only the routine, symptom or way back under this heading');
}

function portOption(): Option {
  return new Option('--port <number>', `port of the ${REHEARSAL}’s loopback URL (default: a free one)`).argParser(
    (text) => {
      const port = Number(text);
      if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
      throw new Problem({
        code: 'bad-port',
        what: `--port ${text} is not a port.`,
        next: ['give a number from 1 to 65535'],
      });
    },
  );
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
