import type { JournalRecord } from '../journal/records.ts';

/** A record as one line for a person who follows a run without screens; undefined for what only machines need. */
export function describeRecord(record: JournalRecord): string | undefined {
  switch (record.type) {
    case 'begin':
      return `▸ ${record.runbook.title} · ${record.environment} · run ${record.run}`;
    case 'platform.ready':
      return `  ${record.what}`;
    case 'signer':
      return record.source === 'none'
        ? '  UNSIGNED: no key to sign with'
        : `  signed by ${record.by} (${record.source})`;
    case 'secret.set':
      return `  secret ${record.name} set (${record.source})`;
    case 'step.intent':
      return `▸ ${record.step}${record.attempt > 1 ? ` (attempt ${record.attempt})` : ''}`;
    case 'step.result':
      return `  ${record.outcome === 'passed' ? '✔' : '✖'} ${record.outcome}: ${record.summary} (${(record.ms / 1000).toFixed(1)} s)`;
    case 'step.settled':
      return `  – ${record.step} ${record.outcome}: ${record.reason}`;
    case 'seal':
      return `▪ sealed: ${record.outcome}; ${record.open.length} checklist items are open`;
    default:
      return undefined;
  }
}
