import { describe, expect, test } from 'vitest';
import { buildPlan } from '../../src/engine/plan.ts';
import { flyNames } from '../../src/engine/plan-resources.ts';
import { Problem } from '../../src/problem.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { parse } from '../runbook/a-runbook.ts';

describe('what a command names', () => {
  test.each([
    ['flyctl status -a booking-stg --json', ['booking-stg']],
    ['fly logs --app=booking-stg --no-tail', ['booking-stg']],
    ['FLY_NO_UPDATE_CHECK=1 timeout 5 flyctl logs --app "booking-stg"', ['booking-stg']],
    ['flyctl apps restart booking-stg', ['booking-stg']],
    ['flyctl apps create booking-stg -o personal', ['booking-stg']],
    ['flyctl apps destroy a b --yes', ['a', 'b']],
    ['flyctl postgres attach booking-db -a booking-stg --yes', ['booking-stg', 'booking-db']],
    ['flyctl postgres create --name booking-db --org personal --region nrt', ['booking-db']],
    ['flyctl deploy \\\n  -a booking-stg', ['booking-stg']],
    ['printf %s x | flyctl secrets set A=- -a booking-stg', ['booking-stg']],
    ['GET https://booking-stg.fly.dev/healthz', ['booking-stg']],
    ['psql postgres://u@top2.nearest.of.booking-db.internal/x', ['booking-db']],
    ['export FLY_APP=booking', ['booking']],
    ['flyctl postgres list', []],
    ['flyctl version --json', []],
    ['# flyctl status -a other', []],
    ['echo flyctl is installed', []],
  ])('%s', (line, apps) => {
    expect(flyNames(line)).toEqual({ apps, unknown: [] });
  });

  test.each(['flyctl deploy --remote-only', 'flyctl status -a "$somewhere"', 'test -f x && fly ssh console -C ls'])(
    'nothing certain: %s',
    (line) => {
      expect(flyNames(line).unknown).toHaveLength(1);
    },
  );
});

const text = (body: string, language = 'bash', attributes = '') => `---
tejun: 1
title: Booking
environments:
  staging:
    guard: confirm
    resources: [booking-stg]
    values: { app: booking-stg, base_url: "https://booking-stg.fly.dev", other: booking }
---

# Booking

\`\`\`${language} verify id=look ${attributes}
${body}
\`\`\`
`;

const plan = (runbook: string, environment = 'staging') =>
  buildPlan(parse(runbook), { environment, flow: 'setup', values: {}, tasks: taskFor, taskNames: TASK_NAMES });

function codes(runbook: string): (string | undefined)[] {
  try {
    plan(runbook);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return (error.problems ?? [error]).map(({ code }) => code);
  }
}

describe('an environment that lists its resources', () => {
  test.each([
    ['a script', text('flyctl status -a "$app"')],
    ['a request', text('GET $base_url/healthz', 'http')],
    ['a task', text('app: $app', 'yaml', 'uses=fly/status')],
    ['a place', text('ls', 'sh', 'on=fly:$app')],
  ])('%s that names its own is planned', (_, runbook) => {
    expect(codes(runbook)).toEqual([]);
  });

  test.each([
    ['a script', text('flyctl status -a booking')],
    ['a script, by a value', text('flyctl status -a "$other"')],
    ['a request', text('GET https://booking.fly.dev/healthz', 'http')],
    ['a task', text('app: booking', 'yaml', 'uses=fly/status')],
    ['a place', text('ls', 'sh', 'on=fly:booking')],
  ])('%s that names another is refused before anything runs', (_, runbook) => {
    expect(codes(runbook)).toEqual(['resource-foreign']);
  });

  test('so is a command whose app is not known, and so is a rehearsal of it', () => {
    expect(codes(text('flyctl deploy'))).toEqual(['resource-unknown']);
    expect(() => plan(text('flyctl status -a booking'), 'rehearsal')).toThrow();
  });

  test('without a list any may be named', () => {
    expect(codes(text('flyctl status -a booking').replace('    resources: [booking-stg]\n', ''))).toEqual([]);
  });
});
