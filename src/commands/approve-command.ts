import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { createSanitizer } from '../exec/sanitize.ts';
import type { Locale } from '../locale/index.ts';
import { PRINTED_MESSAGES } from '../locale/printed/index.ts';
import { EXIT, type ExitCode, Problem } from '../problem.ts';
import { type Asking, approveFile, approveRun, giveApproval, writeRequest } from './approve.ts';
import { operatorsLocale } from './preferences.ts';

/** `tejun approve`: on the host of the run, or by a file that goes to the approver and another that comes back. */
export async function approveCommand(
  named: string,
  { request, give, out, lang }: { request?: string; give?: string; out?: string; lang?: string },
): Promise<ExitCode> {
  const { env } = process;
  const locale = await operatorsLocale(env, lang);
  const said = PRINTED_MESSAGES[locale].approve;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (request !== undefined) {
    await writeRequest(env, named, request);
    say(said.written(request, `tejun approve ${request} --out approval.json`));
  } else if (give !== undefined) {
    await giveApproval(env, named, give);
    say(said.approved(named));
  } else if (existsSync(named)) {
    const approval = await approveFile(env, named, terminal(locale));
    if (out === undefined) process.stdout.write(approval);
    else writeFileSync(out, approval, { mode: 0o600 });
    say(said.sendBack('tejun approve RUN --give FILE'));
  } else {
    await approveRun(env, named, terminal(locale));
    say(said.approved(named));
  }
  return EXIT.done;
}

/** Asks on the terminal. What is signed is shown beside standard output, which may be the approval's file. */
function terminal(locale: Locale): Asking {
  if (!process.stdin.isTTY) {
    throw new Problem(
      {
        code: 'no-terminal',
        what: 'An approval is typed in a terminal, by a person.',
        means: 'Nothing was signed.',
        next: ['ssh -t HOST tejun approve …'],
      },
      EXIT.usage,
    );
  }
  return {
    locale,
    // A file that was sent may hold anything: only text reaches the terminal.
    show: (text) => void process.stderr.write(createSanitizer().push(text)),
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}
