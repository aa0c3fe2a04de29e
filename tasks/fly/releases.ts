import * as z from 'zod';
import { parseImage, sameImage } from './image.ts';
import type { AppStatus } from './machines.ts';

export interface Release {
  version: number;
  /** running, complete, interrupted, failed; others may come. */
  status: string;
  description: string;
  imageRef?: string;
  /** ISO time. */
  createdAt?: string;
  by?: string;
}

/** `flyctl releases --json`, its keys in snake_case: newest first, 25 at most. */
export const releaseList: z.ZodType<Release[]> = z
  .array(
    z.looseObject({
      version: z.number().int(),
      status: z.string().catch('unknown'),
      description: z.string().catch(''),
      image_ref: z.string().nullish(),
      created_at: z.string().nullish(),
      user: z.looseObject({ email: z.string().nullish() }).nullish(),
    }),
  )
  .transform((list): Release[] =>
    list
      .map((from) => ({
        version: from.version,
        status: from.status.toLowerCase(),
        description: from.description,
        ...(from.image_ref ? { imageRef: from.image_ref } : {}),
        ...(from.created_at ? { createdAt: from.created_at } : {}),
        ...(from.user?.email ? { by: from.user.email } : {}),
      }))
      .sort((a, b) => b.version - a.version),
  );

/** A release with an image, that can be gone back to. */
export type Target = Release & { imageRef: string };

/**
 * The releases to offer for going back, newest first, each image once. Pure.
 *
 * What runs now is read from the machines, not from the list: `secrets set` after a failed deploy makes a *complete*
 * release that carries the failed one's image, while the machines still run the older one. For the same reason only
 * releases count whose image differs from their predecessor's: those really deployed something. An image that only some
 * machines run is a target: a rolling deploy that failed half-way has left it there.
 */
export function rollbackTargets(releases: readonly Release[], status: AppStatus): Target[] {
  const running = status.machines.flatMap(({ image }) => image ?? []);
  const seen: string[] = [];
  return releases.filter((release, index): release is Target => {
    if (release.status !== 'complete' || !release.imageRef || release.imageRef === releases[index + 1]?.imageRef) {
      return false;
    }
    const image = parseImage(release.imageRef);
    const runsEverywhere = running.length > 0 && running.every((one) => sameImage(one, image));
    if (runsEverywhere || seen.includes(release.imageRef)) return false;
    seen.push(release.imageRef);
    return true;
  });
}
