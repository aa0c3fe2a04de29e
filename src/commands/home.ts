import { EXIT, Problem } from '../problem.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Flow, Runbook } from '../runbook/types.ts';
import { WAYS_TO_GIVE } from '../secrets/origin.ts';
import { frontDesk } from './desk.ts';
import { type GivenSecrets, readGivenSecrets, type SecretOptions } from './given-secrets.ts';
import { runbookOfRun } from './resume.ts';

export interface HomeRequest extends SecretOptions {
  runbook?: string | undefined;
  env?: string;
  flow?: Flow;
  lang?: string;
  port?: number;
  /** A drill of the rehearsal. */
  drill?: string;
  /** Id of a run to attach to, instead of starting one. */
  attach?: string;
}

/** Opens the screens. Throws a `Problem` where there is no terminal that could show them. */
export async function openHome(request: HomeRequest): Promise<number> {
  requireTerminal();
  const [{ runScreens }, { askedLocale }, { DRILLS }] = await Promise.all([
    import('../../screens/main.tsx'),
    import('../locale/index.ts'),
    import('../rehearsal/drills.ts'),
  ]);
  const { runbook, env, flow, drill, lang, port, attach } = request;
  const opened = runbook === undefined ? undefined : await loadRunbook(runbook);
  // Where nobody asked for a language the screens speak the runbook's.
  const locale = askedLocale({ env: process.env, ...(lang ? { flag: lang } : {}) });
  const initial = attach
    ? { attach }
    : {
        ...(opened ? { runbook: opened.file } : {}),
        ...(env ? { environment: env } : {}),
        ...(flow ? { flow } : {}),
        ...(drill ? { drill } : {}),
      };
  const given = await givenFor(request, opened);
  const { exit } = await runScreens(frontDesk(DRILLS, { port, runbook: opened?.file, given }), { locale, initial });
  return exit;
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

/** Ink without a terminal draws an error inside its frame and exits with 0, so tejun decides before. */
function requireTerminal(): void {
  const { stdin, stdout, env } = process;
  const size = stdout.isTTY && (stdout.columns === 0 || stdout.rows === 0);
  if (stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb' && !size) return;
  throw new Problem(
    {
      code: 'no-terminal',
      what: 'The screens of tejun need a terminal, and this is none that can show them.',
      means: 'Nothing was started.',
      next: [
        'run tejun in a terminal (over SSH: ssh -t HOST tejun)',
        'tejun plan RUNBOOK --env ENV prints what a run would do',
        'tejun run RUNBOOK --env rehearsal --auto walks a rehearsal without one',
        ...WAYS_TO_GIVE,
      ],
    },
    EXIT.usage,
  );
}
