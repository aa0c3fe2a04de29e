/** A container image reference, taken apart: `registry/name:tag@sha256:…`. */
export interface Image {
  /** As it was written; what `deploy --image` gets. */
  ref: string;
  name: string;
  tag?: string;
  digest?: string;
}

/** Takes a reference apart. A colon before the last slash belongs to the registry's port. Pure. */
export function parseImage(ref: string): Image {
  const [tagged = '', digest] = ref.split('@', 2);
  const slash = tagged.lastIndexOf('/');
  const colon = tagged.indexOf(':', slash + 1);
  const name = colon < 0 ? tagged : tagged.slice(0, colon);
  return {
    ref,
    name,
    ...(colon < 0 ? {} : { tag: tagged.slice(colon + 1) }),
    ...(digest ? { digest } : {}),
  };
}

/** Whether two references name the same image: by digest where both have one, else by tag. */
export function sameImage(one: Image, other: Image): boolean {
  if (one.digest && other.digest) return one.digest === other.digest;
  return one.name === other.name && one.tag === other.tag && one.tag !== undefined;
}
