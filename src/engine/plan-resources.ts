/**
 * "No step may name a resource that is not this environment's": an environment that lists its `resources` is held to them.
 * What a step names is read from the commands that it will run, its place and its addresses. Pure.
 */
import type { ProblemDetail } from '../problem.ts';
import { substitute } from '../runbook/substitute.ts';
import type { Environment, Step } from '../runbook/types.ts';
import type { PlannedStep } from './plan.ts';

/** An app's name on Fly, as every other place of a command line writes it. */
const APP = /^[a-z0-9][a-z0-9-]*$/;
/** Public and private hosts of an app. */
const HOST = /([A-Za-z0-9][A-Za-z0-9-]*)\.(?:fly\.dev|flycast|internal)\b/g;
/** flyctl where a command can begin: at the start of a line, after `;`, `|`, `&` or `(`, after a variable or a wrapper. */
const FLYCTL = /(?:^|[;|&(])\s*(?:(?:[A-Za-z_]\w*=\S*|exec|sudo|time|timeout\s+\S+)\s+)*(?:fly|flyctl)\s+([^;|&)]*)/g;
/** Commands that are about no app. */
const APPLESS = /^(?:version|help|auth|platform|orgs|tokens|(?:apps|postgres|mpg) list|config show --local)\b/;
/** Commands that take apps by position: `apps restart NAME`. */
const POSITIONAL = /^(?:apps (?:create|destroy|delete|remove|rm|restart|open)|destroy|postgres attach)\b/;

export interface Named {
  /** Apps by name. */
  apps: readonly string[];
  /** Commands of flyctl whose app cannot be told before they run. */
  unknown: readonly string[];
}

/** What a command, or a line of a script with its values put in, names of Fly. */
export function flyNames(text: string): Named {
  const apps = [...text.matchAll(HOST)].map(([, app = '']) => app);
  const unknown: string[] = [];
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  for (const [, given = ''] of lines.flatMap((line) => [...line.replace(/(^|\s)#.*$/, '').matchAll(FLYCTL)])) {
    const words = given.split(/\s+/).filter((word) => word !== '');
    const plain = words.map((word) => word.replaceAll(/["']/g, ''));
    const named = [...flagValues(plain), ...positional(plain)];
    if (named.length === 0 && !APPLESS.test(plain.join(' '))) unknown.push(`flyctl ${given.trim()}`);
    for (const name of named) {
      if (APP.test(name)) apps.push(name);
      else unknown.push(`flyctl ${given.trim()}`);
    }
  }
  for (const [, app = ''] of text.matchAll(/\bFLY_APP=["']?([^\s"']+)/g)) {
    if (APP.test(app)) apps.push(app);
    else unknown.push(`FLY_APP=${app}`);
  }
  return { apps: [...new Set(apps)], unknown: [...new Set(unknown)] };
}

/** Values of `-a` and `--app`, and of `--name` where it names a new app. */
function flagValues(words: readonly string[]): string[] {
  const names = new Set([
    '-a',
    '--app',
    ...(words.slice(0, 2).join(' ') === 'postgres create' ? ['--name', '-n'] : []),
  ]);
  return words.flatMap((word, index) => {
    const [flag = '', value] = word.split(/=(.*)/s);
    if (!names.has(flag)) return [];
    return [value ?? words[index + 1] ?? ''];
  });
}

function positional(words: readonly string[]): string[] {
  const command = POSITIONAL.exec(words.join(' '))?.[0];
  if (command === undefined) return [];
  const rest = words.slice(command.split(' ').length);
  // `-o ORG` and its like have a value; a switch (`--yes`) has none.
  return rest.filter(
    (word, index) => !word.startsWith('-') && !/^(?:-o|--org|-a|--app|--variable-name)$/.test(rest[index - 1] ?? ''),
  );
}

/**
 * A problem for each name in a step that its environment does not list, and for each command whose app is not known before
 * it runs; none where the environment lists nothing.
 *
 * @param values before a rehearsal points them at this machine
 */
export function resourceProblems(
  step: PlannedStep,
  environment: Environment | undefined,
  values: Readonly<Record<string, string>>,
  file: string,
): ProblemDetail[] {
  const own = environment?.resources;
  if (own === undefined) return [];
  const { apps, unknown } = flyNames(textOf(step, values));
  const placed = step.on.kind === 'fly' ? [step.on.app] : [];
  const where = { file, ...step.position };
  const foreign = [...new Set([...apps, ...placed])].filter((app) => !own.includes(app));
  return [
    ...foreign.map(
      (app): ProblemDetail => ({
        code: 'resource-foreign',
        what: `\`${step.id}\` names \`${app}\`, which is no resource of ${environment?.name}.`,
        where: { ...where, text: app },
        next: ['use a value, such as $app', `its resources are ${own.join(', ')}`],
      }),
    ),
    ...unknown.map(
      (command): ProblemDetail => ({
        code: 'resource-unknown',
        what: `Which app \`${command}\` is about is not known before it runs.`,
        where,
        next: ['name it by a value: -a "$app"'],
      }),
    ),
  ];
}

function textOf(step: PlannedStep, values: Readonly<Record<string, string>>): string {
  // A typed step's commands and a request have their values already; a script's are variables of its shell.
  const commands = step.command.join('\n');
  return isScript(step) ? known(commands, values) : `${commands}\n${known(step.body, values)}`;
}

function isScript({ language }: Step): boolean {
  return language === 'bash' || language === 'sh';
}

/** The text with the values that there are; other names stay. */
function known(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (whole, plain?: string, braced?: string) => {
    const name = plain ?? braced ?? '';
    return Object.hasOwn(values, name) ? substitute(`$${name}`, values) : whole;
  });
}
