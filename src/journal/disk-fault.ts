/** What a disk answers when it does not do what it was asked. Pure. */

/** The errno name of a failed system call, e.g. `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** Whether room is what is wanting. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
}

/** The failure in words, with its errno name. */
export function describeFault(error: unknown): string {
  const code = codeOf(error);
  const known: Readonly<Record<string, string>> = {
    ENOSPC: 'no space left on the disk',
    EDQUOT: 'the disk quota is used up',
    EROFS: 'the file system is read-only',
    EIO: 'the disk gave an input/output error',
    EACCES: 'permission denied',
    EEXIST: 'there is a file of this name already',
  };
  const text = error instanceof Error ? error.message : 'unknown error';
  return code ? `${known[code] ?? text} (${code})` : text;
}
