import type { Messages } from '../locale/types.ts';
import { Problem } from '../problem.ts';
import { loadRunbook } from '../runbook/load.ts';
import { type Flow, REHEARSAL, type Runbook } from '../runbook/types.ts';
import { frontDesk } from './desk.ts';
import { chooseFrontEnd } from './front-end.ts';
import { type GivenSecrets, readGivenSecrets, type SecretOptions } from './given-secrets.ts';
import { type PassphraseSource, terminalAsk, withKeyOpen } from './passphrase.ts';
import { preferencesForRun } from './preferences.ts';
import { runbookOfRun } from './resume.ts';
import { listRuns } from './runs.ts';

export interface HomeRequest extends SecretOptions {
  runbook?: string | undefined;
  env?: string;
  flow?: Flow;
  lang?: string;
  port?: number;
  /** Plain lines instead of screens. */
  plain?: boolean;
  /** A drill of the rehearsal. */
  drill?: string;
  /** Id of a run to attach to, instead of starting one. */
  attach?: string;
  /** With `attach`: only to watch. */
  watch?: boolean;
  /** Id of the run whose place the one that is started takes. */
  takeOver?: string;
}

/** Opens the screens, or asks their questions as plain lines. Throws a `Problem` where there is no terminal. */
export async function openHome(request: HomeRequest): Promise<number> {
  const { stdin, stdout, env: environment } = process;
  const preferences = await preferencesForRun(environment, (line) => process.stderr.write(`${line}\n`));
  const frontEnd = chooseFrontEnd({ plain: request.plain || preferences.plain, stdin, stdout, env: environment });
  const [open, { askedLocale, chooseLocale, MESSAGES }, { DRILLS }] = await Promise.all([
    frontEnd === 'plain'
      ? import('../../screens/plain/main.ts').then(({ runPlain }) => runPlain)
      : import('../../screens/main.tsx').then(({ runScreens }) => runScreens),
    import('../locale/index.ts'),
    import('../rehearsal/drills.ts'),
  ]);
  const { runbook, env, flow, drill, lang, port, attach, watch = false, takeOver } = request;
  const opened = runbook === undefined ? undefined : await loadRunbook(runbook);
  // Where nobody asked for a language the screens speak the runbook's.
  const locale = askedLocale({ env: environment, flag: lang, preference: preferences.language });
  const initial = attach
    ? { attach, watch }
    : {
        ...(opened ? { runbook: opened.file } : {}),
        ...(env ? { environment: env } : {}),
        ...(flow ? { flow } : {}),
        ...(drill ? { drill } : {}),
      };
  const given = await givenFor(request, opened);
  const ringAfterMs = preferences.bell ? preferences['notify-after'] * 1000 : undefined;
  const messages = MESSAGES[chooseLocale({ flag: locale, runbookLanguage: opened?.language })];
  return withKeyOpen(environment, passphraseFor(request, messages), async () => {
    const { exit } = await open(frontDesk(DRILLS, { port, runbook: opened?.file, given, takeOver }), {
      locale,
      initial,
      signs: preferences.signs || undefined,
      ringAfterMs,
    });
    return exit;
  });
}

/** Nobody is asked for a passphrase where no engine is started that would sign, nor for a rehearsal. */
function passphraseFor({ attach, watch, env, passphraseFrom }: HomeRequest, messages: Messages): PassphraseSource {
  const live =
    attach !== undefined && listRuns(process.env).some(({ run, state }) => run === attach && state === 'live');
  if (watch || live) return {};
  return { from: passphraseFrom, ...(env === REHEARSAL ? {} : { ask: terminalAsk(messages, process.stdout) }) };
}

/** The secrets that the command line names: for the run that is resumed, or for the runbook that is opened. */
function givenFor(request: HomeRequest, opened: Runbook | undefined): Promise<GivenSecrets | undefined> {
  const load = async () => {
    if (request.attach !== undefined) return loadRunbook(runbookOfRun(process.env, request.attach));
    if (opened) return opened;
    throw new Problem({
      code: 'secret-without-runbook',
      what: '--secret and --secrets-from need to know which runbook the secrets are for.',
      means: 'Nothing was started.',
      next: ['tejun RUNBOOK --secret NAME=@FILE'],
    });
  };
  return readGivenSecrets(request, load, process, (line) => process.stderr.write(`${line}\n`));
}
