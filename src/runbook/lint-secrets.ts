import type { ProblemCode } from '../problem-codes.ts';
import type { Draft } from './lint.ts';
import { itemAt } from './lint-references.ts';
import { namesUsed, stringsIn } from './names.ts';
import { didYouMean } from './nearest.ts';
import { positionInBody, type Report } from './source.ts';
import type { Step } from './types.ts';

/** Shortest value of a sealed environment that is looked for: `1` or `eze` are everybody's. */
const TELLING = 4;

/** Secrets are declared, used, and never where other processes can read them; sealed environments are not named. */
export function lintSecrets(draft: Draft, report: Report): void {
  const { steps, secrets, environments } = draft;
  const names = Object.keys(secrets);
  const used = new Set(Object.values(environments).map(({ lock }) => lock));
  for (const step of steps) {
    step.secrets.forEach((name, index) => {
      used.add(name);
      if (secrets[name] !== undefined) return;
      const next = didYouMean(name, names);
      const at = itemAt(step, 'secrets', step.secrets, index);
      report({ code: 'secret-undeclared', what: `No secret is called \`${name}\`.`, next }, at);
    });
    for (const text of stringsIn(step.input)) if (secrets[text] !== undefined) used.add(text);
    lintText(step, draft, report);
  }
  for (const { name, from, position } of Object.values(secrets)) {
    if (used.has(name) || from !== undefined) continue;
    const next = ['take it out', `name it where it is needed: secrets=${name}`];
    report({ code: 'secret-unused', what: `No step uses \`${name}\`.`, next }, position);
  }
}

/** What the text of a step may not say: a secret where other processes or readers see it, and the name of what is sealed. */
export function lintText(
  step: Step,
  { secrets, environments }: Pick<Draft, 'secrets' | 'environments'>,
  report: Report,
): void {
  lintUses(step, Object.keys(secrets), report);
  lintSealed(step, environments, report);
}

function lintUses(step: Step, secrets: readonly string[], report: Report): void {
  const safe = step.language === 'bash' || step.language === 'sh' ? stdinSpans(step.body) : [];
  for (const { name, index, length } of namesUsed(step)) {
    if (name === undefined || !secrets.includes(name)) continue;
    const at = index === undefined ? step.position : positionInBody(step, index);
    const text = index === undefined ? undefined : step.body.slice(index, index + length);
    if (step.language === 'http' && index !== undefined && inHeaderOrBody(step.body, index)) {
      if (!step.secrets.includes(name)) reportNotNamed(step, name, (problem) => report(problem, at, text));
    } else if (step.language !== 'bash' && step.language !== 'sh') {
      const next =
        step.language === 'http'
          ? ['put it into a header or the body: URLs and assertions are shown and logged']
          : [`write ${name} without the dollar sign where the task takes a secret’s name`];
      report({ code: 'secret-in-text', what: `\`${name}\` is a secret, and would be shown here.`, next }, at, text);
    } else if (index !== undefined && !safe.some(({ start, end }) => start <= index && index < end)) {
      const next = [`give it on standard input: command <<< "$${name}"`, `or: printf '%s' "$${name}" | command`];
      report(
        { code: 'secret-on-argv', what: `Every process on the host could read \`${name}\` here.`, next },
        at,
        text,
      );
    } else if (!step.secrets.includes(name)) {
      reportNotNamed(step, name, (problem) => report(problem, at, text));
    }
  }
}

function reportNotNamed(
  step: Step,
  name: string,
  report: (problem: { code: ProblemCode; what: string; next: string[] }) => void,
): void {
  const next = [`add secrets=${[...step.secrets, name].join(',')}`];
  report({ code: 'secret-not-named', what: `This step does not see \`${name}\`.`, next });
}

/** Where the http task puts secrets in at delivery: neither the request line nor an assertion. */
function inHeaderOrBody(body: string, index: number): boolean {
  const start = body.lastIndexOf('\n', index - 1) + 1;
  const request = body.search(/^(?!\s*(#|$))/m);
  return start > request && !/^\s*\?\?/.test(body.slice(start));
}

/**
 * Where a shell script may write `$NAME` of a secret: behind `<<<`, and as the argument of the builtin `printf` that is piped
 * on. Anywhere else it could become an argument of a program, which every process on the host can read.
 */
function stdinSpans(script: string): { start: number; end: number }[] {
  const hereString = /<<<[ \t]*(?:"\$\{?\w+\}?"|\$\{?\w+\}?)(?=[\s;|&)]|$)/g;
  const printf = /(?<![\w/.-])printf[ \t]+(?:'%s(?:\\n)?'|"%s(?:\\n)?")[ \t]+"\$\{?\w+\}?"[ \t]*\|/g;
  return [...script.matchAll(hereString), ...script.matchAll(printf)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** "No step may name its resources" (design §5): a value that only a sealed environment has does not stand in a body. */
function lintSealed(step: Step, environments: Draft['environments'], report: Report): void {
  const all = Object.values(environments);
  const open = new Set(all.filter(({ guard }) => guard !== 'sealed').flatMap(({ values }) => Object.values(values)));
  for (const { name, values } of all.filter(({ guard }) => guard === 'sealed')) {
    for (const value of Object.values(values)) {
      if (value.length < TELLING || open.has(value)) continue;
      const index = step.body.indexOf(value);
      if (index < 0) continue;
      const next = ['use a value, such as $app, so that each environment names its own'];
      report(
        { code: 'sealed-resource', what: `This belongs to ${name}, which is sealed.`, next },
        positionInBody(step, index),
        value,
      );
    }
  }
}
