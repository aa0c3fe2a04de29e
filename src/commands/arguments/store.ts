import type { Declare } from './command.ts';

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
not be sent is sent later, in order and once. runs, show, watch, verify and report know the runs of all hosts.

Examples:
  TEJUN_STORE=postgres://owner:…@db/tejun tejun store init
  tejun store push
  tejun runs                                       the runs of the whole team`;
