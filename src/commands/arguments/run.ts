import type { AnswerOptions } from '../answers.ts';
import { withAnswers } from './answers.ts';
import type { Declare } from './command.ts';
import {
  flowOption,
  portOption,
  RUNBOOK_HELP,
  type SecretArguments,
  sectionOption,
  setOption,
  takeOverOption,
  type WalkOptions,
  withSecrets,
} from './options.ts';

/** What `tejun run`, and `tejun rehearse --auto`, are given. */
export interface RunOptions extends WalkOptions, SecretArguments {
  env: string;
  drill?: string;
  takeOver?: string;
  port?: number;
  json?: boolean;
}

export const run: Declare = (program, exit) => {
  const command = withSecrets(
    program
      .command('run')
      .description('walk a runbook without a terminal; flags answer what it asks, and nothing else does')
      .argument('<runbook>', RUNBOOK_HELP)
      .requiredOption('--env <name>', 'the environment')
      .addOption(flowOption())
      .addOption(sectionOption())
      .addOption(setOption()),
  );
  withAnswers(command)
    .option('--auto', 'take every suggested answer; in rehearsal only')
    .option('--drill <name>', 'something that the rehearsal breaks on purpose')
    .addOption(portOption())
    .addOption(takeOverOption())
    .option('--json', 'print the journal’s records as JSON lines')
    .addHelpText('after', HELP)
    .action(async (runbook: string, { auto, ...options }: RunOptions & AnswerOptions & { auto?: boolean }) => {
      exit(await (auto ? printAuto(runbook, options) : printRun(runbook, options)));
    });
};

const HELP = `
A question that no flag answers ends the walk: it is named, with the flag that answers it. What is decided
beforehand (values, confirmations) is looked for before anything starts, exit code 2; what comes up on the way
leaves the run where it is, exit code 6, and tejun resume takes the same flags.

Examples:
  tejun run booking.md --env staging --yes
  tejun run booking.md --env production --confirm=production --set release=v42 --json
  tejun run booking.md --env staging --yes --on-failure undo
  tejun resume --attest told="in the channel, 14:02" --check 3=done

Exit codes: 0 done · 1 failed, went back · 2 an answer is missing, nothing started · 3 a check failed, nothing
changed · 5 failed · 6 not finished, tejun resume goes on · 7 refused (docs/exit-codes.md has them all)`;

/** Walks a rehearsal by itself, printing its records on standard output and what is being started on standard error. */
export async function printAuto(runbook: string, options: RunOptions): Promise<number> {
  const [{ runAuto }, spec, telling] = await Promise.all([
    import('../run.ts'),
    specOf(runbook, options),
    tellingOf(options),
  ]);
  return runAuto(spec, options, telling);
}

async function printRun(runbook: string, options: RunOptions & AnswerOptions): Promise<number> {
  const [{ runByFlags }, { readAnswers }, spec, telling] = await Promise.all([
    import('../run.ts'),
    import('../answers.ts'),
    specOf(runbook, options),
    tellingOf(options),
  ]);
  return runByFlags(spec, readAnswers(options), options, telling);
}

async function specOf(runbook: string, options: RunOptions) {
  const { env: environment, flow = 'setup', section, set, drill, takeOver, port } = options;
  const { parseSettings } = await import('../settings.ts');
  return {
    ...{ runbook, environment, flow, values: parseSettings(set) },
    ...(section === undefined ? {} : { section }),
    ...(drill ? { drill } : {}),
    ...(takeOver ? { takeOver } : {}),
    ...(port ? { port } : {}),
  };
}

/** Records on standard output, as JSON lines or for a person; of a resumed run a person hears only what is new. */
export async function tellingOf({ json = false }: { json?: boolean }) {
  const { describeRecord } = await import('../narrate.ts');
  return {
    onRecord: (record: Parameters<typeof describeRecord>[0], isNew: boolean) => {
      const line = json ? JSON.stringify(record) : isNew ? describeRecord(record) : undefined;
      if (line !== undefined) process.stdout.write(`${line}\n`);
    },
    said: (line: string) => void process.stderr.write(`${line}\n`),
  };
}
