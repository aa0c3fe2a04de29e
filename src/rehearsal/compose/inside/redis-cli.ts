import { askRedis } from '../broker.ts';
import { FlagError, flagOf, readFlags } from '../flags.ts';
import { route } from '../network.ts';
import type { InsideProgram } from './call.ts';

/** An error of the server has exit code 0, as the real one; `-e` makes it 1. */
export const redisCli: InsideProgram = async (call) => {
  try {
    const words = readFlags(
      call.args,
      [
        { long: 'host', short: 'h', value: true },
        { long: 'port', short: 'p', value: true },
        { long: 'pass', short: 'a', value: true },
        { long: 'no-auth-warning' },
        { long: 'error-exit', short: 'e' },
      ],
      false,
    );
    if (words.args.length === 0) return refuse('this rehearsal does not act out an interactive redis-cli', 1);
    const host = flagOf(words, 'host') ?? '127.0.0.1';
    const port = Number(flagOf(words, 'port') ?? 6379);
    const given = flagOf(words, 'pass');
    if (given !== undefined && flagOf(words, 'no-auth-warning') === undefined) {
      call.err("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n");
    }
    const where = route(call.hosts, call.self, host, port);
    if (typeof where === 'string')
      return unreachable(where === 'refused' ? 'Connection refused' : 'Name or service not known');
    const answer = await askRedis(where.port, given ?? (call.env['REDISCLI_AUTH'] || undefined), words.args).catch(
      (error: NodeJS.ErrnoException) => error,
    );
    if (answer instanceof Error) return unreachable('Connection refused');
    if ('error' in answer) {
      if (answer.error.startsWith('WRONGPASS')) call.err(`AUTH failed: ${answer.error}\n`);
      call.out(`${answer.error.startsWith('WRONGPASS') ? 'NOAUTH Authentication required.' : answer.error}\n\n`);
      return flagOf(words, 'error-exit') === undefined ? 0 : 1;
    }
    call.out(`${answer.text ?? ''}\n`);
    return 0;

    function unreachable(why: string): number {
      return refuse(`Could not connect to Redis at ${host}:${port}: ${why}`, 1);
    }
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    return refuse(`Unrecognized option or bad number of args for: '${call.args[0]}'`, 1);
  }

  function refuse(text: string, exit: number): number {
    call.err(`${text}\n`);
    return exit;
  }
};
