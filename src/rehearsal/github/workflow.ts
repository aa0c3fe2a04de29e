/** A workflow file, as far as the rehearsal runs it: its inputs, and jobs of `run:` steps. */
import { parse } from 'yaml';

export interface WorkflowInput {
  required: boolean;
  default?: string;
  options?: readonly string[];
}

export interface Job {
  name: string;
  /** `$input` where it stands in an expression of an input. */
  environment?: string;
  steps: readonly { name: string; run: string; env: Readonly<Record<string, string>> }[];
}

export interface Workflow {
  name: string;
  /** Undefined when it cannot be started by hand. */
  inputs?: Readonly<Record<string, WorkflowInput>>;
  jobs: readonly Job[];
  /** Names of the secrets and variables that its expressions use. */
  secrets: readonly string[];
  variables: readonly string[];
}

interface Raw {
  name?: string;
  on?: {
    workflow_dispatch?: {
      inputs?: Record<string, { required?: boolean; default?: unknown; options?: string[] }>;
    } | null;
  };
  jobs?: Record<
    string,
    {
      environment?: string | { name: string };
      steps?: { name?: string; run?: string; env?: Record<string, string> }[];
    }
  >;
}

/** Reads a workflow; throws what the yaml package says of one that cannot be read. */
export function readWorkflow(text: string): Workflow {
  const raw = parse(text) as Raw;
  const dispatch = raw.on && 'workflow_dispatch' in raw.on ? (raw.on.workflow_dispatch?.inputs ?? {}) : undefined;
  const used = (kind: string): string[] => [
    ...new Set(
      Array.from(text.matchAll(new RegExp(`\\b${kind}\\.([A-Z_][A-Z0-9_]*)`, 'g')), (match) => match[1] ?? ''),
    ),
  ];
  return {
    name: raw.name ?? 'workflow',
    ...(dispatch === undefined
      ? {}
      : {
          inputs: Object.fromEntries(
            Object.entries(dispatch).map(([name, { required = false, default: given, options }]) => [
              name,
              { required, ...(given === undefined ? {} : { default: String(given) }), ...(options ? { options } : {}) },
            ]),
          ),
        }),
    jobs: Object.entries(raw.jobs ?? {}).map(([name, { environment, steps = [] }]) => ({
      name,
      ...(environment === undefined
        ? {}
        : { environment: typeof environment === 'string' ? environment : environment.name }),
      steps: steps.flatMap(({ name: title, run, env = {} }) =>
        run === undefined ? [] : [{ name: title ?? run.split('\n')[0] ?? 'run', run, env }],
      ),
    })),
    secrets: used('secrets'),
    variables: used('vars'),
  };
}

/** Puts the values of `${{ inputs.x }}`, `${{ vars.X }}` and `${{ secrets.X }}` in. */
export function expand(text: string, contexts: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return text.replaceAll(
    /\$\{\{\s*(\w+)\.(\w+)\s*\}\}/g,
    (_, context: string, name: string) => contexts[context]?.[name] ?? '',
  );
}
