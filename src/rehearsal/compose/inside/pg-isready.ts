import { FlagError, flagOf, readFlags } from '../flags.ts';
import { route } from '../network.ts';
import type { InsideProgram } from './call.ts';
import { CONNECTION_FLAGS } from './connect.ts';

/** 0 accepting connections, 2 no response, 3 bad arguments. A role or database that is not there makes no difference. */
export const pgIsReady: InsideProgram = async (call) => {
  try {
    const words = readFlags(call.args, [
      ...CONNECTION_FLAGS,
      { long: 'quiet', short: 'q' },
      { long: 'timeout', short: 't', value: true },
    ]);
    const host = flagOf(words, 'host');
    const there = typeof route(call.hosts, call.self, host ?? 'localhost', 5432) !== 'string';
    const where = host === undefined ? '/var/run/postgresql:5432' : `${host}:5432`;
    call.out(`${where} - ${there ? 'accepting connections' : 'no response'}\n`);
    return there ? 0 : 2;
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    call.err(`pg_isready: ${error.message}\n`);
    return 3;
  }
};
