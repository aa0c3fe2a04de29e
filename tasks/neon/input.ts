import * as z from 'zod';

/** A project's id, as the console shows it: `wispy-salad-58347608`. */
export const projectId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'a project id has lower-case letters, digits and dashes');

/** A branch by its name or its id (`br-…`). */
export const branchName = z.string().regex(/^[A-Za-z0-9][\w./-]*$/, 'a branch name begins with a letter or digit');

/** A database or a role of PostgreSQL. */
export const identifier = z.string().regex(/^[A-Za-z_][\w-]*$/, 'the name of a database or role');
