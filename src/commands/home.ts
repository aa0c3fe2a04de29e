import { EXIT, Problem } from '../problem.ts';
import type { Flow } from '../runbook/types.ts';
import { frontDesk } from './desk.ts';

export interface HomeRequest {
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
  const [{ runScreens }, { askedLocale }, { DRILLS }, { loadRunbook }] = await Promise.all([
    import('../../screens/main.tsx'),
    import('../locale/index.ts'),
    import('../rehearsal/drills.ts'),
    import('../runbook/load.ts'),
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
  const { exit } = await runScreens(frontDesk(DRILLS, { port, runbook: opened?.file }), { locale, initial });
  return exit;
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
      ],
    },
    EXIT.usage,
  );
}
