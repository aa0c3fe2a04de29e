import * as z from 'zod';
import { secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { envVarItem } from './answers.ts';
import { type RenderClient, renderClient } from './client.ts';
import { type EnvFinding, envRule, judgeVariables } from './env-rules.ts';
import { envVars, written } from './requests.ts';
import { finding, findService, idOf, serviceName } from './service.ts';

/** More variables than any service has. */
const MOST = 1000;

const pattern = z.record(secretName, envRule).refine(
  (rules) =>
    Object.values(rules).every((rule) => {
      try {
        return rule.pattern === undefined || new RegExp(rule.pattern, 'u') !== undefined;
      } catch {
        return false;
      }
    }),
  'a pattern is not a regular expression',
);

const input = z.strictObject({ service: serviceName, variables: pattern });
type Input = z.infer<typeof input>;

/** Holds a service's environment variables against rules. Their values are read, compared in memory, and told nowhere. */
export const renderEnv: Task<Input> = {
  name: 'render/env',
  input,
  effect: 'read',
  describe: (given) =>
    [given.service, ...othersOf(given)].flatMap((name) => [written(finding(name)), written(envVars(idOf(name)))]),
  async run(given, context) {
    const client = renderClient(context);
    const variables = await variablesOf(client, given.service);
    const others = new Map<string, Map<string, string>>();
    for (const name of othersOf(given)) others.set(name, await variablesOf(client, name));
    const findings = judgeVariables(given.variables, variables, others);
    for (const found of findings) context.say(line(found));
    const bad = findings.filter(({ state }) => state === 'wrong' || state === 'missing');
    const absent = findings.filter(({ state }) => state === 'absent');
    const evidence = { service: given.service, variables: findings.map((found) => ({ ...found })) };
    if (bad.length === 0) {
      return {
        outcome: 'passed',
        summary: `${findings.length - absent.length} good${absent.length > 0 ? ` · not set: ${absent.map(({ name }) => name).join(', ')}` : ''}`,
        evidence,
      };
    }
    return {
      outcome: 'failed',
      summary: bad.map(({ name, says }) => `${name} ${says}`).join('; '),
      evidence,
      problem: {
        code: 'render-env',
        what: `${bad.map(({ name, says }) => `${name} ${says}`).join('; ')}.`,
        means:
          'Nothing was changed. Variables of an environment group that is linked to the service are not among these.',
        next: [
          'set it in the dashboard (Environment), or by the step that sets variables',
          'then deploy: a change needs one',
        ],
      },
    };
  },
};

function line({ name, state, says }: EnvFinding): string {
  return `${state === 'good' ? '✓' : state === 'absent' ? '–' : '✗'} ${name}: ${says}`;
}

function othersOf({ variables }: Input): string[] {
  return [...new Set(Object.values(variables).flatMap((rule) => rule.differs_from ?? []))];
}

async function variablesOf(client: RenderClient, name: string): Promise<Map<string, string>> {
  const { id } = await findService(client, name);
  const items = await client.list(envVars(id), envVarItem, MOST);
  return new Map(items.map(({ envVar }) => [envVar.key, envVar.value]));
}
