import * as z from 'zod';
import { ENVIRONMENT_NAME, SECRET_NAME, STEP_ID, VALUE_NAME } from './attributes.ts';
import { GUARDS } from './types.ts';

/** The format that this program reads. */
export const RUNBOOK_FORMAT = 1;

const text = z.string().min(1);
/** A value as it is written: `1.10`, `007` and `yes` stay what the author typed. */
const scalar = z.union([text, z.number(), z.boolean()]).transform(String);

const environment = z
  .strictObject({
    guard: z.enum(GUARDS).describe('What must be satisfied before the first step that changes anything'),
    reason: text.optional().describe('Why it is guarded so; required when sealed'),
    values: z
      .record(z.string().regex(VALUE_NAME), scalar)
      .optional()
      .describe('Fixed in this environment; never asked'),
    lock: z.string().regex(SECRET_NAME).optional().describe('Secret whose database carries the shared lock'),
    resources: z.array(text).min(1).optional().describe('The only apps that steps may name here'),
  })
  .describe('A place that the runbook can be walked in');

const askedValue = z.strictObject({
  ask: text.optional().describe('The question; a value without one is a constant'),
  default: scalar.optional(),
  pattern: text.optional().describe('JavaScript regular expression for the whole value'),
  choices: z.array(scalar).min(1).optional(),
});

const bytes = z.int().min(1).max(65_536);

const secretFormat = z.strictObject({
  url: z
    .array(text.regex(/^[a-z][a-z0-9+.-]*$/))
    .min(1)
    .optional()
    .describe('Allowed URL schemes'),
  'forbid-query': z.array(text).min(1).optional().describe('Query parameters that the URL must not have'),
  'require-query': z.record(z.string(), scalar).optional().describe('Query parameters that the URL must have'),
  base64: bytes.optional().describe('Base64 of exactly so many bytes'),
  hex: bytes.optional().describe('Hexadecimal digits of at least so many bytes'),
  'min-length': bytes.optional().describe('At least so many characters'),
  'min-entropy': z.int().min(1).max(4096).optional().describe('At least so many bits of chance'),
  multiline: z.boolean().optional().describe('It may have several lines, as a PEM key has'),
  pattern: text.optional().describe('JavaScript regular expression for the whole secret'),
});

const secret = z.strictObject({
  ask: text.optional().describe('The question; required unless `from` yields it'),
  format: secretFormat.optional(),
  environments: z.array(z.string().regex(ENVIRONMENT_NAME)).min(1).optional().describe('Only these need it'),
  optional: z.boolean().optional(),
  from: z
    .union([z.string().regex(STEP_ID), z.array(z.string().regex(STEP_ID)).min(1)])
    .optional()
    .describe('The step that yields it, or several that may; asked for only where none of them is walked'),
  'differs-from': z.string().regex(ENVIRONMENT_NAME).optional().describe('Environment whose value must be another'),
});

/** The front matter of a runbook, format version 1. Unknown keys are errors. */
export const frontMatterSchema = z
  .strictObject({
    tejun: z.literal(RUNBOOK_FORMAT).describe('Version of the runbook format'),
    title: text,
    language: text.optional().describe('BCP 47 tag of the runbook’s own language; en when absent'),
    timezone: text.optional().describe('IANA name; UTC when absent'),
    environments: z.record(z.string().regex(ENVIRONMENT_NAME), environment),
    values: z.record(z.string().regex(VALUE_NAME), z.union([scalar, askedValue])).optional(),
    secrets: z.record(z.string().regex(SECRET_NAME), secret).optional(),
  })
  .describe('Front matter of a tejun runbook');

export type FrontMatterData = z.output<typeof frontMatterSchema>;

/** The keys that a mapping of the front matter may have, by its path; none where the author names them. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [top, , third] = path;
  if (top === undefined) return Object.keys(frontMatterSchema.shape);
  if (path.length === 2 && top === 'environments') return Object.keys(environment.shape);
  if (path.length === 2 && top === 'values') return Object.keys(askedValue.shape);
  if (path.length === 2 && top === 'secrets') return Object.keys(secret.shape);
  if (path.length === 3 && third === 'format') return Object.keys(secretFormat.shape);
  return [];
}

/** The JSON Schema (2020-12) of the front matter, for editors; written to docs/runbook.schema.json. */
export function frontMatterJsonSchema(): object {
  return {
    title: 'tejun runbook front matter, version 1',
    ...z.toJSONSchema(frontMatterSchema, { io: 'input' }),
  };
}
