import type { Declare } from './command.ts';
import { RUNBOOK_HELP } from './options.ts';

export const doctor: Declare = (program, exit) => {
  program
    .command('doctor')
    .description('what this host lacks for a runbook, or for all of them, and how to install it')
    .argument('[runbook]', RUNBOOK_HELP)
    .option('--json', 'as a JSON array')
    .addHelpText('after', HELP)
    .action(async (runbook: string | undefined, { json = false }: { json?: boolean }) => {
      const { doctorCommand } = await import('../doctor.ts');
      const found = await doctorCommand({ runbook, json });
      process.stdout.write(found.text);
      exit(found.exit);
    });
};

const HELP = `
It only looks. Exit code 3 when something is missing, 0 when not; what could be better does not count.

Examples:
  tejun doctor
  tejun doctor cabanas-staging --json`;
