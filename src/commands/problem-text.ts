import { told } from '../locale/problems/told.ts';
import { formatProblem, type ProblemDetail } from '../problem.ts';
import { operatorsLocale } from './preferences.ts';

/**
 * A problem as a command prints it on standard error: in the operator's language (`--lang`, the preference, the locale of the host),
 * the English sentence, which has the names, behind it.
 */
export async function problemText(
  problem: ProblemDetail,
  env: Readonly<Record<string, string | undefined>>,
  flag?: string,
): Promise<string> {
  // Preferences that cannot be read may be what the problem is about.
  const locale = await operatorsLocale(env, flag, () => {});
  const { MESSAGES } = await import('../locale/index.ts');
  const { problems: texts } = MESSAGES[locale];
  const inWords = (each: ProblemDetail): ProblemDetail => {
    const { inEnglish, problems, ...one } = told(each, texts);
    const means = [inEnglish, one.means].filter(Boolean).join(' ');
    return { ...one, ...(means ? { means } : {}), ...(problems ? { problems: problems.map(inWords) } : {}) };
  };
  return formatProblem(inWords(problem));
}
