import { describe, expect, it } from 'vitest';
import { REPORT_MESSAGES } from '../../src/locale/report/index.ts';
import { LOCALES } from '../../src/locale/types.ts';
import { htmlReport } from '../../src/report/html.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { reportOf } from '../../src/report/report.ts';
import { summary } from '../../src/report/words.ts';
import { begin } from '../journal/a-journal.ts';
import { ENTRIES, recordsOf } from './a-run.ts';

const report = reportOf(recordsOf());
const html = (locale: (typeof LOCALES)[number] = 'en') => htmlReport(report, REPORT_MESSAGES[locale], locale);
const markdown = (locale: (typeof LOCALES)[number] = 'en') => markdownReport(report, REPORT_MESSAGES[locale]);

describe('what a report says', () => {
  it('is who, when, where, which runbook and how it ended', () => {
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      operator: { name: 'alice@ops', host: 'bastion' },
      people: ['alice@ops'],
      began: '2026-11-22T05:29:00.000Z',
      ms: 39_000,
      runbook: { digest: 'sha256:12' },
      signature: null,
      receipt: expect.stringMatching(
        /^tejun-receipt v1 run=20261122-0529-k3 records=14 head=sha256:\w{64} seal=rolled-back$/,
      ),
    });
  });

  it('is each step with its outcome, duration and evidence', () => {
    expect(report.steps.map(({ id, outcome, attempts, ms }) => [id, outcome, attempts, ms])).toEqual([
      ['rollout', 'failed', 2, 4100],
      ['timing', 'passed', 1, 1900],
      ['back', 'passed', 1, 3000],
      ['tidy', 'waiting', 0, undefined],
    ]);
    expect(report.steps[1]).toMatchObject({ output: { bytes: 249 }, latencies: [{ path: '/healthz', p95: 1400 }] });
  });

  it('is what failed, and what was done about it', () => {
    expect(report.failures.map(({ step, attempt, remedy }) => [step, attempt, remedy.kind])).toEqual([
      ['rollout', 1, 'again'],
      ['rollout', 2, 'rolled-back'],
    ]);
  });

  it('is the checklist with what proves each item, or who said so', () => {
    expect(report.checklist).toMatchObject([
      { id: 'fast', state: 'done', provedBy: [{ outcome: 'passed', sha256: 'ab'.repeat(32) }] },
      { id: 'told', state: 'done', by: 'alice@ops', note: 'by phone', at: '2026-11-22T05:29:36.000Z' },
      { id: 'gone', state: 'done', provedBy: [{ step: 'back' }] },
    ]);
    expect(report.open).toEqual([]);
  });

  it('is who approved it, when, and with which key, where a second person had to', () => {
    const approval = {
      begin: 'b1',
      plan: 'c1',
      sig: 'SSHSIG',
      fingerprint: 'SHA256:bob',
      publicKey: 'ssh-ed25519 AAAA',
    };
    const approved = reportOf(
      recordsOf(
        ENTRIES.map((entry) =>
          entry.type === 'guard.satisfied'
            ? { ...entry, guard: 'approve', how: 'approve', by: 'bob@ops', approval }
            : entry,
        ),
      ),
    );
    const at = '2026-11-22T05:29:06.000Z';
    expect(approved.approvals).toEqual([{ by: 'bob@ops', at, fingerprint: 'SHA256:bob', plan: 'c1' }]);
    for (const [locale, name] of [
      ['en', 'Approved by'],
      ['ja', '承認'],
      ['es', 'Aprobó'],
    ] as const) {
      const page = markdownReport(approved, REPORT_MESSAGES[locale]);
      expect(page).toMatch(new RegExp(`${name}.*bob@ops.*2026-11-22 05:29:06 UTC.*SHA256:bob`));
      expect(markdown(locale)).not.toContain('SHA256:bob');
    }
  });

  it('begins with the run in a few numbers', () => {
    expect(summary(report, REPORT_MESSAGES.en).map(({ figure, name }) => `${figure} ${name}`)).toEqual([
      '39 s Lasted',
      '2 passed',
      '1 failed',
      '3/3 Checklist',
    ]);
    for (const locale of LOCALES) expect(html(locale)).toContain('<div class="tiles">');
  });

  it('is the command that ran where the operator changed it, and that he did', () => {
    const records = recordsOf().map((record) =>
      record.type === 'step.intent' && record.step === 'back'
        ? { ...record, edited: 'flyctl deploy --slowly' }
        : record,
    );
    const changed = reportOf(records);
    expect(changed.steps.find(({ id }) => id === 'back')?.edited).toBe('flyctl deploy --slowly');
    const text = markdownReport(changed, REPORT_MESSAGES.en);
    expect(text).toMatch(/Edited \| the operator changed the command/);
    expect(text).toContain('```sh\nflyctl deploy --slowly\n```');
    expect(text).toContain('alice@ops: changed the command before: Release the old version');
    expect(htmlReport(changed, REPORT_MESSAGES.ja, 'ja')).toContain('flyctl deploy --slowly');
  });

  it('is when each attempt ran', () => {
    expect(report.timeline.map(({ step, from, to }) => [step, from, to])).toEqual([
      ['timing', 9000, 12_000],
      ['rollout', 15_000, 18_000],
      ['rollout', 21_000, 24_000],
      ['back', 30_000, 33_000],
    ]);
  });

  it('is what was decided, in order', () => {
    expect(report.decisions.map(({ type }) => type)).toEqual(['signer', 'guard.satisfied', 'checklist', 'seal']);
  });

  it('says of a run that stopped that it is not finished, and of a running step that it runs', () => {
    const stopped = reportOf(recordsOf(ENTRIES.slice(0, 6)));
    expect(stopped).toMatchObject({ outcome: 'unfinished', open: ['told'] });
    expect(stopped.timeline.at(-1)).toMatchObject({ step: 'rollout', outcome: 'running' });
  });

  it('says that it was signed afterwards', () => {
    const late = recordsOf([
      begin(),
      { type: 'signer', source: 'agent', by: 'alice@ops' },
      { ...(ENTRIES.at(-1) as Extract<(typeof ENTRIES)[number], { type: 'seal' }>), late: true },
      { type: 'signature', over: 1, by: 'alice@ops', ns: 'journal@tejun', final: true, sig: '' },
    ]);
    const said = reportOf(late);
    expect(said.signature).toMatchObject({ signatures: 1, late: '2026-11-22T05:29:06.000Z' });
    expect(markdownReport(said, REPORT_MESSAGES.en)).toContain('not while it happened');
  });
});

describe('a rendering', () => {
  it.each(LOCALES)('is the same bytes for the same records, in %s', (locale) => {
    const again = reportOf(recordsOf());
    expect(htmlReport(again, REPORT_MESSAGES[locale], locale)).toBe(html(locale));
    expect(markdownReport(again, REPORT_MESSAGES[locale])).toBe(markdown(locale));
    expect(JSON.stringify(again)).toBe(JSON.stringify(report));
  });

  it.each(LOCALES)('says everything in %s', (locale) => {
    const { outcome, sections, status } = REPORT_MESSAGES[locale];
    for (const rendering of [html(locale), markdown(locale)])
      for (const word of [outcome['rolled-back'], sections.failures, sections.timeline, status.failed, 'Roll out'])
        expect(rendering).toContain(word);
  });

  it('takes nothing of a journal for markup, and hides nothing of it', () => {
    expect(html()).toContain('The release &lt;b&gt;never&lt;/b&gt; became healthy.');
    expect(html()).toContain('he looks\\u{202e} at it');
    expect(markdown()).toContain(String.raw`The release \<b\>never\</b\> became healthy.`);
    expect(markdown()).toContain(String.raw`Told Bob \`on the phone\` \| he looks\\u{202e} at it`);
  });

  it('as HTML needs nothing else', () => {
    expect(html()).not.toMatch(/<script|<link|<img|@import|url\(|https?:|\son\w+=/);
  });
});
