import { told } from '../../src/locale/problems/told.ts';
import type { WrittenProblem } from '../../src/problem.ts';
import { formatWhere } from '../../src/problem.ts';
import type { Section } from '../layout/fit.ts';
import { line, paragraph, span } from '../layout/line.ts';
import type { Model } from '../ui-state.ts';

/**
 * A problem as sections, in the language of the screens: what happened is kept, and the beginnings of its English sentence, which
 * has the names, and of the first thing to do; where, what it means and the other remedies give way where there is little room.
 */
export function problemSections(
  { messages, glyphs, width }: Pick<Model, 'messages' | 'glyphs' | 'width'>,
  written: WrittenProblem,
): Section[] {
  const problem = told(written, messages.problems);
  const { inEnglish, where, means, next = [] } = problem;
  const [first, ...others] = next.map((step) =>
    paragraph(step, width, 'plain', [span(`  ${glyphs.arrow} `, 'accent')]),
  );
  return [
    { lines: paragraph(problem.what, width, 'bad', [span(`${glyphs.failed} `, 'bad')]), rank: 0 },
    { lines: inEnglish ? paragraph(inEnglish, width, 'plain', [span('  ')]) : [], rank: 1, min: 2 },
    {
      lines: where
        ? [
            line(span(`  ${messages.problem.where}: `, 'dim'), formatWhere(where)),
            ...(where.text ? [line(span(`  ${glyphs.bar} `, 'dim'), where.text)] : []),
          ]
        : [],
      rank: 2,
    },
    { lines: means ? paragraph(means, width, 'plain', [span('  ')]) : [], rank: 3 },
    { lines: first ?? [], rank: 1, min: 1 },
    { lines: others.flat(), rank: 2 },
  ];
}
