import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { createSanitizer } from '../exec/sanitize.ts';
import { EXIT, type ExitCode, Problem } from '../problem.ts';
import { type Asking, approveFile, approveRun, giveApproval, writeRequest } from './approve.ts';

/** `tejun approve`: on the host of the run, or by a file that goes to the approver and another that comes back. */
export async function approveCommand(
  named: string,
  { request, give, out }: { request?: string; give?: string; out?: string },
): Promise<ExitCode> {
  const { env } = process;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (request !== undefined) {
    await writeRequest(env, named, request);
    say(`Written to ${request}. The approver runs: tejun approve ${request} --out approval.json`);
  } else if (give !== undefined) {
    await giveApproval(env, named, give);
    say(`${named} is approved.`);
  } else if (existsSync(named)) {
    const approval = await approveFile(env, named, terminal());
    if (out === undefined) process.stdout.write(approval);
    else writeFileSync(out, approval, { mode: 0o600 });
    say('Send it back. The operator runs: tejun approve RUN --give FILE');
  } else {
    await approveRun(env, named, terminal());
    say(`${named} is approved.`);
  }
  return EXIT.done;
}

/** Asks on the terminal. What is signed is shown beside standard output, which may be the approval's file. */
function terminal(): Asking {
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
