import * as z from 'zod';

/** An image of this machine, as `docker image ls --no-trunc` tells it. */
export interface Image {
  /** `sha256:…` */
  id: string;
  /** `REPOSITORY:TAG`; both are `<none>` for one that a newer build took the name from. */
  image: string;
  /** As Docker prints it, e.g. `1.2GB`. */
  size: string;
  createdAt: Date;
}

export const imageRow: z.ZodType<Image> = z
  .looseObject({
    ID: z.string(),
    Repository: z.string(),
    Tag: z.string(),
    Size: z.string().catch(''),
    CreatedAt: z.string(),
  })
  .transform(({ ID, Repository, Tag, Size, CreatedAt }) => ({
    id: ID,
    image: `${Repository}:${Tag}`,
    size: Size,
    // `2026-11-22 06:28:15 +0000 UTC`: the zone's name is no part that a date is read from.
    createdAt: new Date(CreatedAt.replace(/^(\S+) (\S+) ([+-]\d\d)(\d\d).*$/, '$1T$2$3:$4')),
  }));

/** What `docker image prune -a --filter until=AGE` would remove: older than the age, and used by no container. Pure. */
export function goes(images: readonly Image[], used: ReadonlySet<string>, hours: number, now: Date): Image[] {
  const before = now.getTime() - hours * 3_600_000;
  return images.filter(({ id, createdAt }) => !used.has(id) && createdAt.getTime() < before);
}

/** Ids in `deleted: sha256:…` of what prune printed. Pure. */
export function removedIds(stdout: string): ReadonlySet<string> {
  return new Set([...stdout.matchAll(/^deleted: (sha256:[0-9a-f]+)$/gm)].flatMap((match) => match[1] ?? []));
}

/** `1.2GB` of `Total reclaimed space: 1.2GB`. Pure. */
export function reclaimedSpace(stdout: string): string {
  return /^Total reclaimed space: (\S+)/m.exec(stdout)?.[1] ?? '0B';
}
