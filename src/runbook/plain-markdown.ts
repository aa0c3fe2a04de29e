import { basename } from 'node:path';
import { slug, unique } from './ids.ts';
import type { Fence, Outline } from './outline.ts';
import { isShellOwn, shellAssignments, shellReferences } from './shell-variables.ts';
import type { Source } from './source.ts';
import { DEFAULT_TIMEOUT_MS, proseOf } from './steps.ts';
import type { Runbook, Step, StepLanguage, ValueSpec } from './types.ts';

/** The one environment of a plain document: it does not say where it runs, so that is where tejun is. */
export const HERE = 'here';

/** What a fence's first word means; an unknown one is shown, for a person to do. A fence without a word is a shell's. */
const LANGUAGE: Readonly<Record<string, StepLanguage>> = {
  '': 'bash',
  bash: 'bash',
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  console: 'bash',
  'shell-session': 'bash',
  python: 'python',
  py: 'python',
};

/** `<release-id>`, not a redirection or a here-document. */
const ANGLES = /(?<![<\w])<([A-Za-z][A-Za-z0-9 _./-]{0,40})>/g;
const DATE = 'YYYY-MM-DD';
/** A value of a plain document is put into its text as it is, so it is nothing that a shell would act upon. */
const SAFE = '[A-Za-z0-9._@:/+=,%-]+';
/** A secret that was blotted out. It would stand on the command line, so such a fence is for a person. */
const BLOTTED = /\*{3,}/;

/**
 * Plain Markdown as a runbook: each fence is a step with the prose above it, in the document's order. Nothing is assumed to only
 * read, and its placeholders are values to ask for. Undefined when no fence could be a step.
 */
export function readPlain(source: Source, { fences }: Outline): Runbook | undefined {
  const closed = fences.filter(({ closed, body }) => closed && body.trim() !== '');
  if (closed.length === 0) return undefined;
  const title = /^#\s+(.+?)\s*#*\s*$/m.exec(source.text)?.[1] ?? basename(source.file, '.md');
  const values: Record<string, ValueSpec> = {};
  const ids = new Set<string>();
  const titles = new Map<string, number>();
  let before = 0;
  const steps = closed.map((fence): Step => {
    const heading = fence.headings.at(-1) ?? title;
    const times = (titles.get(heading) ?? 0) + 1;
    titles.set(heading, times);
    const id = unique(slug(heading) || 'step', ids);
    ids.add(id);
    const prose = proseOf(source, Math.max(fence.proseStart, before), fence);
    before = fence.end;
    return { ...stepOf(fence, values, closed), id, title: times === 1 ? heading : `${heading} (${times})`, prose };
  });
  const position = { line: 1, column: 1 };
  const here = { name: HERE, guard: 'confirm', values: {}, position } as const;
  const { file, digest } = source;
  return {
    ...{ file, digest, title, language: 'en', timezone: 'UTC' },
    ...{ environments: { [HERE]: here }, values, secrets: {}, steps, checklist: [] },
  };
}

function stepOf(
  { info, body, headings, position }: Fence,
  values: Record<string, ValueSpec>,
  all: readonly Fence[],
): Omit<Step, 'id' | 'title' | 'prose'> {
  const word = info.split(/[\s{]/, 1)[0]?.toLowerCase() ?? '';
  const known = BLOTTED.test(body) ? undefined : LANGUAGE[word];
  const language = known ?? 'manual';
  const text = language === 'manual' ? body.replaceAll('$', '$$$$') : language === 'bash' ? withoutPrompts(body) : body;
  return {
    stage: 'deploy',
    language,
    uses: language,
    effect: 'write',
    effectSaid: true,
    on: { kind: 'local' },
    timeoutMs: DEFAULT_TIMEOUT_MS,
    exit: [0],
    capture: [],
    needs: [],
    secrets: [],
    output: 'keep',
    body: text,
    headings,
    position,
    ...(language === 'manual' ? {} : { placeholders: placeholdersOf(text, language, values, all) }),
  };
}

/** Of a session in a terminal, what was typed: the lines behind `$ `. */
function withoutPrompts(body: string): string {
  const typed = body.split('\n').filter((line) => /^\s*\$ /.test(line));
  return typed.length === 0 ? body : typed.map((line) => line.replace(/^\s*\$ /, '')).join('\n');
}

/** The placeholders of a text, with the names of their values; each is declared once for the document. */
function placeholdersOf(
  text: string,
  language: StepLanguage,
  values: Record<string, ValueSpec>,
  all: readonly Fence[],
): Record<string, string> {
  const found: Record<string, string> = {};
  const declare = (written: string, wanted: string, spec: Pick<ValueSpec, 'pattern' | 'default'>) => {
    const name = /^[a-z]/.test(wanted) ? `${wanted}_value` : `value_${wanted}`;
    values[name] ??= { name, ask: written, position: { line: 1, column: 1 }, ...spec };
    found[written] = name;
  };
  for (const [written, inside = ''] of text.matchAll(ANGLES)) {
    declare(written, slug(inside).replaceAll('-', '_'), { pattern: SAFE });
  }
  if (text.includes(DATE)) declare(DATE, 'date', { pattern: '\\d{4}-\\d\\d-\\d\\d' });
  if (language !== 'bash') return found;
  const own = shellAssignments(text);
  for (const { name } of shellReferences(text)) {
    if (own.has(name) || isShellOwn(name)) continue;
    const set = all.flatMap(({ body }) => new RegExp(`\\b${name}=["']?(${SAFE})["']?$`, 'm').exec(body)?.[1] ?? []);
    const spec = { pattern: SAFE, ...(set[0] === undefined ? {} : { default: set[0] }) };
    for (const written of [`\${${name}}`, `$${name}`]) {
      if (text.includes(written)) declare(written, name.toLowerCase(), spec);
    }
  }
  return found;
}
