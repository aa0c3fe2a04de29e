import { notAJournal, readJournal } from '../journal/recover.ts';
import { REPORT_MESSAGES } from '../locale/report/index.ts';
import type { Locale } from '../locale/types.ts';
import { htmlReport } from '../report/html.ts';
import { markdownReport } from '../report/markdown.ts';
import { reportOf } from '../report/report.ts';

export type ReportFormat = 'md' | 'html' | 'json';

/**
 * The report of the journal at `path`, for standard output. The same journal in the same language gives the same bytes.
 * Throws a `Problem` when there is no journal, or its chain is broken: then it tells nothing that can be relied upon.
 */
export function reportCommand(path: string, format: ReportFormat, locale: Locale): string {
  const records = readJournal(path);
  if (records.length === 0) throw notAJournal(path);
  const report = reportOf(records);
  switch (format) {
    case 'md':
      return markdownReport(report, REPORT_MESSAGES[locale]);
    case 'html':
      return htmlReport(report, REPORT_MESSAGES[locale], locale);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
  }
}
