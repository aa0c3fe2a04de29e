import * as z from 'zod';

/**
 * Kinds of input that several tasks take. Numbers and switches may also stand as text, because a runbook's `$name` is put
 * in as text. Names never begin with `-`, so that none can become a flag of the command that it is given to.
 */

/** An app on Fly: what `flyctl apps create` accepts (lower-case letters, digits, dashes). */
export const appName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'an app name has lower-case letters, digits and dashes');

/** A slug or code of a platform: an organization, a region, a machine size. */
export const slug = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots and dashes only');

/** A name of an environment variable, as secrets have them. */
export const secretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a secret is named like an environment variable');

/** Free text that stands on a command line. */
export const argument = z.string().regex(/^[^-]/, 'must not be empty or begin with "-"');

/** A whole number from 1 up. */
export const count = number(z.number().int().positive());

/** A number from 0 up. */
export const amount = number(z.number().nonnegative());

/** true or false. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** Where the runbook's values come from: http and https only. */
export const httpUrl = z.url({ protocol: /^https?$/, error: 'an http:// or https:// URL' });

function number<T extends z.ZodNumber>(kind: T) {
  return z.union([
    kind,
    z
      .string()
      .regex(/^\d+(\.\d+)?$/, 'a number')
      .transform(Number)
      .pipe(kind),
  ]);
}
