import { describe, expect, test } from 'vitest';
import { buildPlan } from '../../src/engine/plan.ts';
import { parseRunbook } from '../../src/runbook/parse.ts';
import { taskFor } from '../../tasks/registry.ts';

const fence = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n\n`;
const DOCUMENT = `# How we roll back

Look for the last release that worked.

${fence('bash', 'export APP=shop\nfly releases -a "$APP"')}${fence('console', '$ fly deploy -a "${APP}" --image <release-id>\nDeployed.')}## The note

Write what you saw on YYYY-MM-DD.

${fence('', 'echo "went back on YYYY-MM-DD" >> notes.txt')}${fence('yaml', 'key: $VALUE')}${fence('sh', 'curl -H "Authorization: ***" https://example.com')}`;

describe('plain Markdown', () => {
  const runbook = parseRunbook('back.md', DOCUMENT);
  const plan = (values: Record<string, string>) =>
    buildPlan(runbook, { environment: 'here', flow: 'setup', values, tasks: taskFor, today: '2026-11-25' });

  test('every fence is a step with its heading and its prose, and nothing is assumed to only read', () => {
    expect(runbook.title).toBe('How we roll back');
    expect(runbook.steps.map(({ title, language, effect }) => [title, language, effect])).toEqual([
      ['How we roll back', 'bash', 'write'],
      ['How we roll back (2)', 'bash', 'write'],
      ['The note', 'bash', 'write'],
      ['The note (2)', 'manual', 'write'],
      ['The note (3)', 'manual', 'write'],
    ]);
    expect(runbook.steps[0]?.prose).toBe('Look for the last release that worked.');
    expect(runbook.environments['here']?.guard).toBe('confirm');
  });

  test('its placeholders are asked for; what another fence sets is the default', () => {
    const asked = Object.values(runbook.values).map(({ ask, default: given }) => [ask, given]);
    expect(asked).toEqual([
      ['<release-id>', undefined],
      ['${APP}', 'shop'],
      ['YYYY-MM-DD', undefined],
    ]);
    expect(() => plan({})).toThrow(/values are missing/);
  });

  test('the exact text that runs has the values in it; of a session only what was typed', () => {
    const { steps } = plan({ release_id_value: 'v11', date_value: '2026-11-25' });
    expect(steps[1]?.command.join('\n')).toContain('fly deploy -a "shop" --image v11');
    expect(steps[1]?.body).not.toContain('Deployed');
    expect(steps[2]?.body).toContain('went back on 2026-11-25');
  });

  test('a value that a shell would act upon is not taken', () => {
    expect(() => plan({ release_id_value: 'v11; rm -rf /', date_value: '2026-11-25' })).toThrow();
  });

  test.each([
    ['a fence that is a step of tejun’s', fence('bash verify', 'true')],
    ['a fence that nearly is', fence('bash verfiy', 'true')],
    ['no fence at all', 'Words.\n'],
  ])('%s still asks for front matter', (_name, text) => {
    expect(() => parseRunbook('x.md', `# Title\n\n${text}`)).toThrow();
  });
});
