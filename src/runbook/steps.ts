import { readAttributes, type StepAttributes } from './attributes.ts';
import { type AttributeName, type FenceHead, readFenceHead } from './fence.ts';
import { parseHttp, SAFE_METHODS } from './http-body.ts';
import { slug, unique } from './ids.ts';
import type { Fence } from './outline.ts';
import { positionInBody, type Report, type Source } from './source.ts';
import type { Effect, Position, Stage, Step } from './types.ts';
import { readYaml } from './yaml-source.ts';

/** Time limit of a step that does not say one. */
export const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** Stages whose steps only look, unless they say otherwise. */
export const READ_STAGES: ReadonlySet<Stage> = new Set(['preflight', 'verify', 'triage']);

/** A step, and where its attributes are, for the messages of lint. */
export interface LocatedStep extends Step {
  /** The attributes that the document gives. */
  given: ReadonlySet<AttributeName>;
  at(attribute: AttributeName): Position;
}

/** Reads every fence that is a step, in the document's order. */
export function readSteps(
  source: Source,
  fences: readonly Fence[],
  fallbackTitle: string,
  report: Report,
): LocatedStep[] {
  const drafts: { fence: Fence; head: FenceHead; said: StepAttributes; prose: string }[] = [];
  let lastStepEnd = 0;
  for (const fence of fences) {
    if (!fence.closed) {
      const next = ['end it with a line of as many backticks as it begins with'];
      report({ code: 'fence-unclosed', what: 'This fence is never closed.', next }, fence.position);
    }
    const head = readFenceHead(fence.info, fence.infoPosition, report);
    if (head === undefined) continue;
    const prose = proseOf(source, Math.max(fence.proseStart, lastStepEnd), fence);
    drafts.push({ fence, head, said: readAttributes(head.attributes, report), prose });
    lastStepEnd = fence.end;
  }

  const taken = new Map<string, Position>();
  for (const { head, said, fence } of drafts) {
    if (said.id === undefined) continue;
    const first = taken.get(said.id);
    if (first !== undefined) {
      const what = `The id \`${said.id}\` is taken by the step at line ${first.line}.`;
      report(
        { code: 'id-twice', what, next: ['give one of them another id'] },
        head.attributes.get('id')?.position ?? fence.position,
      );
    }
    taken.set(said.id, first ?? fence.position);
  }

  const ids = new Set(taken.keys());
  return drafts.map(({ fence, head, said, prose }) => {
    const id = said.id ?? unique(slug(said.title ?? fence.headings.at(-1) ?? '') || head.stage, ids);
    ids.add(id);
    return toStep(fence, head, said, { id, prose, fallbackTitle }, report);
  });
}

function toStep(
  fence: Fence,
  { language, stage, attributes }: FenceHead,
  said: StepAttributes,
  { id, prose, fallbackTitle }: { id: string; prose: string; fallbackTitle: string },
  report: Report,
): LocatedStep {
  if (fence.body.trim() === '' && language !== 'yaml') {
    const next = ['write what it runs', 'remove the stage word if it is an illustration'];
    report({ code: 'step-empty', what: 'This step has nothing to run.', next }, fence.position);
  }
  const input = language === 'yaml' ? readInput(fence, report) : undefined;
  const { effect: effectSaid, timeoutMs, on, exit, capture, needs, secrets, output, title, uses, ...others } = said;
  const effect = effectSaid ?? (language === 'http' ? httpEffect(fence, stage) : stageEffect(stage));
  if (language === 'http') checkHttp(fence, report);
  return {
    ...others,
    id,
    title: title ?? fence.headings.at(-1) ?? fallbackTitle,
    stage,
    language,
    uses: uses ?? language,
    effect,
    ...(effectSaid === undefined ? {} : { effectSaid: true }),
    on: on ?? { kind: 'local' },
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    exit: exit ?? [0],
    capture: capture ?? [],
    needs: needs ?? [],
    secrets: secrets ?? [],
    output: output ?? 'keep',
    body: fence.body,
    ...(input === undefined ? {} : { input }),
    headings: fence.headings,
    prose,
    position: fence.position,
    given: new Set(attributes.keys()),
    at: (attribute) => attributes.get(attribute)?.position ?? fence.infoPosition,
  };
}

export function stageEffect(stage: Stage): Effect {
  return READ_STAGES.has(stage) ? 'read' : 'write';
}

/** A request that is safe by its method reads in any stage. */
function httpEffect(fence: Fence, stage: Stage): Effect {
  const method = parseHttp(fence.body).request?.method;
  return method !== undefined && SAFE_METHODS.has(method) ? 'read' : stageEffect(stage);
}

function checkHttp(fence: Fence, report: Report): void {
  if (fence.body.trim() === '') return;
  for (const { code, what, line, column, next } of parseHttp(fence.body).issues ?? []) {
    report({ code, what, next }, { line: fence.position.line + line, column: fence.position.column - 1 + column });
  }
}

function readInput(fence: Fence, report: Report): unknown {
  const place = (line: number, column: number) => ({
    line: fence.position.line + line,
    column: fence.position.column - 1 + column,
  });
  const { data } = readYaml(fence.body, place, report);
  if (data === null) return {};
  if (data !== undefined && (typeof data !== 'object' || Array.isArray(data))) {
    const next = ['write `key: value` lines'];
    report({ code: 'value-type', what: 'The input of a task is a mapping.', next }, positionInBody(fence, 0));
    return {};
  }
  return data;
}

/** The Markdown between the heading or step above and the fence, without HTML comments. */
export function proseOf(source: Source, from: number, fence: Fence): string {
  return source.text
    .slice(from, fence.start)
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
