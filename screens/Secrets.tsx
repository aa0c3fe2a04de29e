import type { SecretFormat, SecretSpec } from '../src/runbook/types.ts';
import { Page } from './components/Page.tsx';
import { problemSections } from './components/problem-lines.ts';
import type { Section } from './layout/fit.ts';
import { line, paragraph, span } from './layout/line.ts';
import { pad, widthOf } from './layout/text.ts';
import { askedSecret, questionFor, whatNow } from './moves/secrets.ts';
import { route } from './route.ts';
import type { Model } from './ui-state.ts';
import { secretsFor } from './walk.ts';

/** One secret at a time, in a field that shows whether something was entered, and nothing else. */
export function Secrets({ model }: { model: Model }) {
  const { messages, ui, width, session, glyphs } = model;
  const said = messages.secrets;
  const spec = askedSecret(model);
  if (!session || !spec) return null;
  const { entered, notice, sent } = ui.secret;
  const bad = notice !== undefined && notice !== 'newline-dropped' && notice !== 'cleared';
  const sections: Section[] = [
    { lines: [line(span(said.title, 'strong'))], rank: 2, min: 1 },
    { lines: paragraph(said.intro, width, 'dim'), rank: 4, whole: true },
    { ...secretRows(model, spec), rank: 2, min: 1, gap: true },
    // Why it was refused matters more now than the question, whose name stands at the field.
    { lines: paragraph(questionFor(model, spec), width, 'plain'), rank: session.refused ? 2 : 1, min: 1, gap: true },
    {
      lines: hints(model, spec).flatMap((hint) => paragraph(hint, width, 'dim', [span(`  ${glyphs.dot} `, 'dim')])),
      rank: 3,
    },
    {
      lines: [
        line(
          span(`${glyphs.cursor} `, 'accent'),
          span(spec.name, 'strong'),
          span('  '),
          sent
            ? span('…', 'accent')
            : entered
              ? span(`${glyphs.passed} ${said.entered}`, 'good')
              : span(`(${said.empty})`, 'dim'),
        ),
      ],
      rank: 0,
      gap: true,
    },
    { lines: notice ? paragraph(said.notices[notice], width, bad ? 'bad' : 'warn') : [], rank: 0 },
    ...(session.refused ? problemSections(model, session.refused) : []),
    {
      lines: [...paragraph(whatNow(model), width), ...(spec.optional ? paragraph(said.optional, width) : [])],
      rank: 0,
    },
  ];
  return <Page model={model} sections={sections} />;
}

function secretRows({ messages, ui, session, glyphs }: Model, asked: SecretSpec): Pick<Section, 'lines' | 'keep'> {
  const said = messages.secrets;
  const at = route(ui, session);
  const specs = session && 'leg' in at ? secretsFor(session.plan, at.leg, session.state) : [];
  const longest = Math.max(...specs.map(({ name }) => widthOf(name)), 0);
  const lines = specs.map(({ name }) => {
    const set = session?.state.secrets[name];
    const left = ui.secret.leftOut.includes(name);
    const word = set ? (set.source === 'rehearsal' ? said.rehearsal : said.set) : left ? said.leftOut : said.empty;
    const sign = set ? glyphs.passed : left ? glyphs.skipped : name === asked.name ? glyphs.next : glyphs.waiting;
    return line(
      span(`  ${sign} `, set ? 'good' : 'dim'),
      span(pad(name, longest), name === asked.name ? 'strong' : 'plain'),
      span(`  ${word}`, set ? 'good' : 'dim'),
    );
  });
  return { lines, keep: { around: specs.indexOf(asked) } };
}

function hints({ messages }: Model, spec: SecretSpec): string[] {
  const { differsFrom } = spec;
  return [
    ...formatHints(messages.secrets.format, spec.format ?? {}),
    ...(differsFrom === undefined ? [] : [messages.secrets.differsFrom(differsFrom)]),
  ];
}

function formatHints(said: Model['messages']['secrets']['format'], format: SecretFormat): string[] {
  const { url, forbidQuery, requireQuery, base64, hex, minLength, minEntropy, multiline, pattern } = format;
  return [
    url && said.url(url.map((scheme) => `${scheme}://`).join(', ')),
    forbidQuery && said.forbidQuery(forbidQuery.join(', ')),
    requireQuery &&
      said.requireQuery(
        Object.entries(requireQuery)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
      ),
    base64 === undefined ? undefined : said.base64(base64),
    hex === undefined ? undefined : said.hex(hex),
    minLength === undefined ? undefined : said.minLength(minLength),
    minEntropy === undefined ? undefined : said.minEntropy(minEntropy),
    multiline ? said.multiline : undefined,
    pattern === undefined ? undefined : said.pattern(pattern),
  ].filter((hint) => hint !== undefined);
}
