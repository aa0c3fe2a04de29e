import type { Declare } from './command.ts';

/** How many runs of the team are listed: more than a person reads. */
const NEWEST = 10_000;

export const store: Declare = (program, exit) => {
  const command = program
    .command('store')
    .description('the team’s store of journals, in the PostgreSQL that TEJUN_STORE names')
    .addHelpText('after', HELP);
  command
    .command('init')
    .description('make its tables and grants, as the owner of the database')
    .action(async () => {
      const { initStore } = await import('../team-store.ts');
      process.stdout.write(await initStore(process.env));
    });
  command
    .command('runs')
    .description('list the runs of the whole team, newest first')
    .option('--json', 'as a JSON array')
    .action(async ({ json }: { json?: boolean }) => {
      const { formatTeamRuns, teamRuns } = await import('../team-store.ts');
      const runs = await teamRuns(process.env, NEWEST);
      process.stdout.write(`${json ? JSON.stringify(runs, null, 2) : formatTeamRuns(runs)}\n`);
    });
  command
    .command('push')
    .description('send what the runs of this host have and the store has not')
    .action(async () => {
      const { pushRuns } = await import('../team-store.ts');
      const pushed = await pushRuns(process.env);
      process.stdout.write(pushed.text);
      exit(pushed.exit);
    });
};

const HELP = `
An engine that finds TEJUN_STORE keeps the store up with its journal by itself. The file stays the truth: what could
not be sent is sent later, in order and once.

Examples:
  TEJUN_STORE=postgres://owner:…@db/tejun tejun store init
  tejun store push
  tejun store runs`;
