import { serverError } from '../../tasks/postgres/failure.ts';
import { EXIT, Problem } from '../problem.ts';
import { STORE } from './setting.ts';

/** SQLSTATEs: the table, or its schema, is not there; this role may not. */
const NOT_MADE: ReadonlySet<string> = new Set(['42P01', '3F000', '42703']);
const NOT_GRANTED = '42501';

/**
 * What went wrong between this host and the store, as an operator is told of it; a refusal of a journal (`store-refused`) stays as
 * it is. Pure.
 *
 * @returns Problem `store-away`, or `store-not-ready` when its tables or grants are missing (both EXIT.store)
 */
export function storeProblem(error: unknown): Problem {
  if (error instanceof Problem && !error.code.startsWith('postgres-')) return error;
  const refusal = serverError(error);
  if (refusal && NOT_MADE.has(refusal.code)) {
    return unready('It has no tables of tejun, or older ones.', [`as the owner of the database: tejun store init`]);
  }
  if (refusal?.code === NOT_GRANTED) {
    return unready('Its login may not read or add there.', [
      'as the owner of the database: grant tejun_writer to LOGIN',
    ]);
  }
  const why = error instanceof Problem ? error.what : refusal ? `${refusal.message}.` : 'The connection broke off.';
  return new Problem(
    {
      code: 'store-away',
      what: `The team’s store does not answer. ${why}`,
      means:
        'What only other hosts have walked cannot be had now. The journals of this host are in its files, as ever.',
      next: ['try again', `when it has moved: export ${STORE}=postgres://USER:PASSWORD@HOST/DATABASE`],
    },
    EXIT.store,
    { cause: error },
  );
}

function unready(what: string, next: readonly string[]): Problem {
  const means = 'Nothing is sent, and nothing can be had from it. The journals of this host are in its files, as ever.';
  return new Problem(
    { code: 'store-not-ready', what: `The team’s store is not ready. ${what}`, means, next },
    EXIT.store,
  );
}
