import * as z from 'zod';

export interface FlySecret {
  name: string;
  /** Stored, but the machines do not see it before the next deploy. */
  staged: boolean;
}

/** `flyctl secrets list --json`, its keys in snake_case. Apps of over 100 machines give no status. */
export const secretList: z.ZodType<FlySecret[]> = z
  .array(z.looseObject({ name: z.string(), status: z.string().nullish() }))
  .transform((list) => list.map(({ name, status }) => ({ name, staged: status?.toLowerCase() === 'staged' })));

/** The names of `wanted` that the list does not hold, and those that are only staged. Pure. */
export function compare(
  list: readonly FlySecret[],
  wanted: readonly string[],
): { missing: string[]; staged: string[] } {
  const held = new Map(list.map((secret) => [secret.name, secret]));
  return {
    missing: wanted.filter((name) => !held.has(name)),
    staged: wanted.filter((name) => held.get(name)?.staged),
  };
}
