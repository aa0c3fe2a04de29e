/** The apps that a runbook deploys, read from its steps: their configuration files, secrets and private addresses. */
import type { Step } from '../runbook/types.ts';

type Values = Readonly<Record<string, string>>;

/** An app on Fly that the rehearsal acts out. */
export interface AppOrder {
  name: string;
  /** Its configuration file in the project. */
  config: string;
  region?: string;
  /** Names of its secrets; undefined where the runbook has one app, which gets them all. */
  secrets?: readonly string[];
  /** Port of the private network (`APP.internal:PORT`) where it has no public one. */
  private?: string;
  /** Private addresses of other apps that it calls, by the variable that holds each. */
  calls?: Readonly<Record<string, string>>;
}

const PRIVATE = /^(?<app>[a-z0-9][a-z0-9-]*)\.internal:(?<port>\d+)$/;

/**
 * The apps of a runbook that deploys several, in the order of their deploys; none for a runbook with one. Pure.
 *
 * An app whose private address is a value of the runbook has no public port; the others call it, by a variable with the
 * value's name in capitals.
 */
export function appsOf(steps: readonly Step[], values: Values): AppOrder[] {
  const deploys = steps
    .filter(({ uses, when }) => uses === 'fly/deploy' && isMeant(when, values))
    .map(({ input }) => ({ name: textIn(input, 'app', values), config: textIn(input, 'config', values) }));
  const names = [...new Set(deploys.flatMap(({ name }) => name ?? []))];
  if (names.length < 2) return [];
  const inner = Object.entries(values).flatMap(([value, text]) => {
    const { app, port } = PRIVATE.exec(text)?.groups ?? {};
    return app && port && names.includes(app) ? [{ variable: value.toUpperCase(), app, port, address: text }] : [];
  });
  return names.map((name) => {
    const own = inner.find(({ app }) => app === name);
    const others = inner.filter(({ app }) => app !== name);
    const config = deploys.find((deploy) => deploy.name === name && deploy.config)?.config;
    return {
      name,
      config: config ?? `${name}.toml`,
      ...(values['region'] ? { region: values['region'] } : {}),
      secrets: secretsOf(steps, name, values),
      ...(own ? { private: own.port } : {}),
      ...(own || others.length === 0
        ? {}
        : { calls: Object.fromEntries(others.map(({ variable, address }) => [variable, address])) }),
    };
  });
}

/** The secrets that the runbook sets on an app, or asks whether it has. */
function secretsOf(steps: readonly Step[], app: string, values: Values): string[] {
  const named = steps.filter(
    ({ uses, input }) =>
      (uses === 'fly/secrets' || uses === 'fly/secrets-present') && textIn(input, 'app', values) === app,
  );
  return [...new Set(named.flatMap(({ input }) => (input as { names?: string[] }).names ?? []))];
}

/** `when=name=value` with the run's values; what depends on an environment is meant. */
function isMeant(when: string | undefined, values: Values): boolean {
  const [name = '', wanted] = when?.split('=') ?? [];
  return wanted === undefined || name === 'env' || values[name] === wanted;
}

/** A text of a step's input, with its values put in. */
export function textIn(input: unknown, key: string, values: Values): string | undefined {
  const text = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[key] : undefined;
  if (typeof text !== 'string') return undefined;
  return text.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => values[name] ?? whole);
}
