import * as z from 'zod';

/** `owner/name`. */
export const repository = z
  .string()
  .regex(/^[\w.-]+\/[\w.-]+$/, 'a repository is owner/name')
  .refine((text) => !text.startsWith('-'), 'must not begin with "-"');

/** An environment of a repository. */
export const environmentName = z.string().regex(/^[A-Za-z0-9][\w .-]*$/, 'the name of an environment');

/** The file of a workflow: `deploy-fly.yml`. */
export const workflowFile = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*\.ya?ml$/, 'the file name of a workflow, e.g. deploy.yml');

/** A branch or tag. */
export const ref = z.string().regex(/^[A-Za-z0-9][\w./-]*$/, 'a branch or tag');

/** GitHub keeps names of secrets and variables in capitals. */
export const settingName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'capitals, digits and _, as GitHub keeps them');
