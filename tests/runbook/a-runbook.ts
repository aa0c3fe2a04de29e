import type { ProblemDetail } from '../../src/problem.ts';
import { RunbookError } from '../../src/runbook/error.ts';
import { parseRunbook } from '../../src/runbook/parse.ts';
import type { Runbook } from '../../src/runbook/types.ts';

/** Front matter that is in order: 10 lines, so that what follows it begins on line 11. */
export const FRONT = `---
tejun: 1
title: Booking
environments:
  staging: { guard: confirm, values: { app: booking-stg, base_url: "https://stg.example.com" } }
values:
  night: { ask: Which night?, pattern: '\\d{4}-\\d\\d-\\d\\d', default: 2025-11-15 }
secrets:
  TOKEN: { ask: The token }
---
`;

/** Steps that use what FRONT declares, so that a test of something else has no other problem. */
export const USES = `
\`\`\`bash deploy id=uses secrets=TOKEN
login <<< "$TOKEN"; echo "$night"
\`\`\`
`;

/** A runbook of FRONT, this body from line 11, and USES. */
export function runbook(body: string): string {
  return FRONT + body + USES;
}

export function parse(text: string): Runbook {
  return parseRunbook('r.md', text);
}

/** What parsing complains about; fails the test when it complains about nothing. */
export function problems(text: string | Buffer): readonly ProblemDetail[] {
  try {
    parseRunbook('r.md', text);
  } catch (error) {
    if (error instanceof RunbookError) return error.problems;
    throw error;
  }
  throw new Error('the runbook was parsed');
}

/** `code @ line:column «text» → first advice`, as the tables of the tests write it. */
export function brief(problem: ProblemDetail): string {
  const { line, column, text } = problem.where ?? {};
  return `${problem.code} @ ${line}:${column} «${text ?? ''}» → ${problem.next?.[0] ?? ''}`;
}

/** A fence of one line, for tables. */
export function fence(info: string, body = 'true'): string {
  return `\`\`\`${info}\n${body}\n\`\`\`\n`;
}
