import { commandAt } from '../flyctl/table.ts';
import { type Call, FlyError } from './call.ts';
import * as account from './commands/account.ts';
import * as apps from './commands/apps.ts';
import * as config from './commands/config.ts';
import * as deploy from './commands/deploy.ts';
import * as machines from './commands/machines.ts';
import * as postgres from './commands/postgres.ts';
import * as secrets from './commands/secrets.ts';
import * as ssh from './commands/ssh.ts';
import * as status from './commands/status.ts';
import type { Fleet } from './fleet.ts';

type Command = (fleet: Fleet, call: Call) => Promise<void>;

/** The commands that this rehearsal acts out; any other one in the table is refused by name. */
const COMMANDS: Readonly<Record<string, Command>> = {
  version: account.version,
  'auth login': account.login,
  'auth whoami': account.whoami,
  'platform regions': account.platformRegions,
  'apps create': apps.create,
  'apps list': apps.list,
  'apps destroy': apps.destroy,
  destroy: apps.destroy,
  'apps restart': apps.restart,
  'apps releases': status.releases,
  releases: status.releases,
  status: status.status,
  'checks list': status.checksList,
  'image show': status.imageShow,
  logs: status.logs,
  deploy: deploy.deploy,
  'machine list': machines.list,
  'machine status': machines.status,
  'machine start': machines.start,
  'machine stop': machines.stop,
  'machine suspend': machines.suspend,
  'machine restart': machines.restart,
  'machine wait': machines.wait,
  'machine exec': ssh.machineExec,
  'ssh console': ssh.sshConsole,
  'secrets set': secrets.set,
  'secrets import': secrets.importFromInput,
  'secrets list': secrets.list,
  'secrets deploy': secrets.deploy,
  'secrets unset': secrets.unset,
  'postgres create': postgres.create,
  'postgres list': postgres.list,
  'postgres attach': postgres.attach,
  'config validate': config.validate,
  'config show': config.show,
  'scale show': config.scaleShow,
  'scale count': config.scaleCount,
  'regions list': config.regionsList,
  'regions add': config.deadRegions,
  'regions remove': config.deadRegions,
  'regions set': config.deadRegions,
  'regions backup': config.deadRegions,
};

/** Carries out one call; gives flyctl's exit code, and prints its error. */
export async function dispatch(fleet: Fleet, call: Call): Promise<number> {
  if (call.command.startsWith('postgres ')) call.err(postgres.NOTICE);
  try {
    if (commandAt(call.command)?.needsLogin && call.token !== fleet.token) {
      throw new FlyError('You must be authenticated to view this.');
    }
    const command = COMMANDS[call.command];
    if (!command) throw new FlyError(`this rehearsal does not act out \`flyctl ${call.command}\``);
    await command(fleet, call);
    return 0;
  } catch (error) {
    if (!(error instanceof FlyError)) throw error;
    call.err(`Error: ${error.message}\n`);
    if (error.suggestion) call.err(`\n${error.suggestion}\n`);
    return error.exit;
  }
}
