import type { ProblemCode } from '../problem-codes.ts';
import { BUILT_IN } from './front-matter.ts';
import type { Draft } from './lint.ts';
import { namesUsed } from './names.ts';
import { nearest } from './nearest.ts';
import { positionInBody, type Report } from './source.ts';
import type { LocatedStep } from './steps.ts';

/** Variables: each name means one thing, is declared, is captured before it is used, and is used when it is asked for. */
export function lintNames(draft: Draft, report: Report): void {
  const { steps, environments, values, secrets } = draft;
  const fixed = new Set(Object.values(environments).flatMap((environment) => Object.keys(environment.values)));
  const capturedBy = lintCaptures(draft, fixed, report);
  const declared = [...BUILT_IN, ...Object.keys(values), ...fixed, ...capturedBy.keys()];

  const used = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (step.when !== undefined) used.add(step.when.split('=', 1)[0] ?? '');
    for (const { name, index: bodyIndex, length } of namesUsed(step)) {
      const at = bodyIndex === undefined ? step.position : positionInBody(step, bodyIndex);
      const text = bodyIndex === undefined ? undefined : step.body.slice(bodyIndex, bodyIndex + length);
      if (name === undefined) {
        const next = ['only $name and ${name} are variables here', 'write $$ for a plain dollar sign'];
        report({ code: 'variable-malformed', what: 'This is not a variable.', next }, at, text);
        continue;
      }
      used.add(name);
      const capturing = capturedBy.get(name);
      if (capturing !== undefined) {
        if (steps.indexOf(capturing) < index) continue;
        const next = [`move ${capturing.id} above ${step.id}`];
        const what = `\`${name}\` is captured by \`${capturing.id}\`, which comes later.`;
        report({ code: 'capture-order', what, next }, at, text);
      } else if (!declared.includes(name) && secrets[name] === undefined) {
        reportUndeclared(name, declared, Object.keys(secrets), step, (problem) => report(problem, at, text));
      }
    }
  }

  for (const { name, ask, position } of Object.values(values)) {
    // Python reads its values from the environment, where no scanner sees them.
    const mentioned =
      used.has(name) || steps.some(({ language, body }) => language === 'python' && body.includes(name));
    if (mentioned || (ask === undefined && fixed.has(name))) continue;
    const next = ['take it out', 'use it in a step: $name'];
    report({ code: 'value-unused', what: `No step uses \`${name}\`.`, next }, position);
  }
}

/** The step that captures each name; a name that has another meaning too is reported. */
function lintCaptures({ steps, values }: Draft, fixed: ReadonlySet<string>, report: Report): Map<string, LocatedStep> {
  const capturedBy = new Map<string, LocatedStep>();
  for (const step of steps) {
    for (const { name } of step.capture) {
      const other = capturedBy.get(name);
      const meaning = BUILT_IN.some((known) => known === name)
        ? 'is there in every runbook'
        : values[name] !== undefined || fixed.has(name)
          ? 'is already a value'
          : other !== undefined
            ? `is already captured by \`${other.id}\``
            : undefined;
      if (meaning !== undefined) {
        report(
          { code: 'name-ambiguous', what: `\`${name}\` ${meaning}.`, next: ['choose another name'] },
          step.at('capture'),
        );
      }
      capturedBy.set(name, other ?? step);
    }
  }
  return capturedBy;
}

function reportUndeclared(
  name: string,
  declared: readonly string[],
  secrets: readonly string[],
  step: LocatedStep,
  report: (problem: { code: ProblemCode; what: string; next: string[] }) => void,
): void {
  const near = nearest(name, [...declared, ...secrets]);
  const shell = step.language === 'bash' || step.language === 'sh';
  report({
    code: 'variable-undeclared',
    what: `No value is called \`${name}\`.`,
    next: [
      ...(near === undefined ? [] : [`did you mean \`$${near}\`?`]),
      `declare ${name} under \`values\``,
      shell ? `write \${${name}:-} if it may be absent` : `write $$${name} for the plain text`,
    ],
  });
}
