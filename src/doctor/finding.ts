/** What was found of one thing that tejun, or a runbook, needs of the host. */
export interface Finding {
  /** Stable name, kebab-case: scripts may match on it. */
  name: string;
  /** `missing` keeps runs from working; `weak` works less well; `fine` is as it should be. */
  state: 'fine' | 'weak' | 'missing';
  /** One line: what is there, or what is not. */
  what: string;
  /** What needs it. */
  why?: string;
  /** How to mend it, most likely first. */
  next?: readonly string[];
}

const SIGNS: Readonly<Record<Finding['state'], string>> = { fine: '✔', weak: '!', missing: '✖' };

/** Findings as text for a terminal: those that are not fine with what they mean and how to mend them. Pure. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, state, what, why, next = [] }) => {
    const head = `${SIGNS[state]} ${name.padEnd(width)}  ${what}`;
    if (state === 'fine') return [head];
    return [head, ...(why === undefined ? [] : [`    for: ${why}`]), ...next.map((step) => `    → ${step}`)];
  });
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const [missing, weak] = [count('missing'), count('weak')];
  const last =
    missing > 0
      ? `${missing} missing${weak > 0 ? `, ${weak} could be better` : ''}.`
      : weak > 0
        ? `Nothing is missing; ${weak} could be better.`
        : 'Nothing is missing.';
  return `${[...lines, '', last].join('\n')}\n`;
}
