import type { ProblemDetail } from '../problem.ts';
import { readChecklist } from './checklist.ts';
import { RunbookError } from './error.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { INVISIBLE } from './invisible.ts';
import { lint } from './lint.ts';
import { type Outline, readOutline } from './outline.ts';
import { readPlain } from './plain-markdown.ts';
import { type Report, readSource, type Source, whereIn } from './source.ts';
import { type LocatedStep, readSteps } from './steps.ts';
import type { Runbook, Step } from './types.ts';

/**
 * Reads a runbook (docs/runbook-format.md, format version 1).
 *
 * @param file path as it is shown in messages
 * @param source the file's bytes, or its text
 * @throws RunbookError with every problem found, each with file, line, column, the offending text and what would be right
 */
export function parseRunbook(file: string, source: Buffer | string): Runbook {
  const read = readSource(file, source);
  if (read === undefined) {
    throw new RunbookError(file, [
      { code: 'encoding', what: `${file} is not UTF-8 text.`, where: { file }, next: ['save it as UTF-8'] },
    ]);
  }
  const problems: ProblemDetail[] = [];
  const report: Report = (problem, at, text) => {
    problems.push({ ...problem, where: whereIn(read, at, text) });
  };
  const runbook = readDocument(read, report);
  if (problems.length > 0 || runbook === undefined) throw new RunbookError(file, problems);
  return runbook;
}

function readDocument(source: Source, report: Report): Runbook | undefined {
  if (source.text.trim() === '') {
    report({ code: 'file-empty', what: 'The file is empty.', next: ['begin with front matter, and a step'] }, START);
    return undefined;
  }
  reportInvisible(source, report);
  const outline = outlineOf(source, report);
  if (outline === undefined) return undefined;
  const plain = plainOf(source, outline);
  if (plain !== undefined) return plain;
  const frontMatter = frontMatterOf(source, outline, report);
  // Steps are read even when the front matter is broken, so that all of what is wrong with them is told at once.
  const title = frontMatter?.title ?? source.file;
  const steps = readSteps(source, outline.fences, title, report);
  const stepIds = steps.map(({ id }) => id);
  const checklist = readChecklist(source, outline.tasks, stepIds, report);
  if (outline.frontMatter !== undefined && steps.length === 0) {
    const next = ['write a stage word after a fence’s language: ```bash preflight'];
    report({ code: 'no-steps', what: 'No fence of this runbook is a step.', next }, START);
  }
  if (frontMatter === undefined) return undefined;
  if (steps.length > 0) lint({ ...frontMatter, steps }, report);
  return { file: source.file, digest: source.digest, ...frontMatter, steps: steps.map(toStep), checklist };
}

const START = { line: 1, column: 1 };

function reportInvisible(source: Source, report: Report): void {
  for (const [index, line] of source.lines.entries()) {
    for (const match of line.matchAll(INVISIBLE)) {
      const code = `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
      const next = ['delete it: what is shown would not be what is run'];
      const at = { line: index + 1, column: match.index + 1 };
      report({ code: 'character-invisible', what: `There is an invisible character (${code}).`, next }, at, code);
    }
  }
}

/** Undefined when the text is nested too deeply to be a document. */
function outlineOf(source: Source, report: Report): Outline | undefined {
  try {
    return readOutline(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report(
      {
        code: 'markdown-depth',
        what: 'The document is nested too deeply.',
        next: ['flatten its lists and quotations'],
      },
      START,
    );
    return undefined;
  }
}

/** A document without front matter in which nothing was meant to be a step of tejun's. */
function plainOf(source: Source, outline: Outline): Runbook | undefined {
  if (outline.frontMatter !== undefined || /^---[ \t]*$/.test(source.lines[0] ?? '')) return undefined;
  let meant = 0;
  const found = readSteps(source, outline.fences, source.file, () => {
    meant += 1;
  });
  return found.length + meant === 0 ? readPlain(source, outline) : undefined;
}

function frontMatterOf(source: Source, outline: Outline, report: Report): FrontMatter | undefined {
  if (outline.frontMatter !== undefined) {
    return readFrontMatter(outline.frontMatter.text, outline.frontMatter.line, report);
  }
  if (/^---[ \t]*$/.test(source.lines[0] ?? '')) {
    const next = ['end it with a line of three dashes: ---'];
    report({ code: 'front-matter-unclosed', what: 'The front matter is never closed.', next }, START);
  } else {
    const next = ['begin the file with front matter: ---, tejun: 1, title: …, environments: …, ---'];
    report(
      {
        code: 'front-matter-missing',
        what: 'There is no front matter, and no fence that could be walked without it.',
        next,
      },
      START,
    );
  }
  return undefined;
}

function toStep({ at: _at, given: _given, ...step }: LocatedStep): Step {
  return step;
}
