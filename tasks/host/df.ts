/** A file system as `df -P -k` prints it. Sizes in bytes. */
export interface FileSystem {
  device: string;
  size: number;
  used: number;
  free: number;
  /** 0 to 100, as df rounds it. */
  percent: number;
  mount: string;
}

/**
 * Reads `df -P -k`, whose form POSIX fixes: one line for each file system, in units of 1024 bytes. A mount point may have
 * spaces. `df -P -i` has the same columns, in inodes; then the sizes are to be divided by 1024. Pure.
 */
export function readDf(text: string): FileSystem[] {
  return text.split('\n').flatMap((line) => {
    const found = /^(.+?)\s+(\d+)\s+(-?\d+)\s+(-?\d+)\s+(\d+)%\s+(\/.*)$/.exec(line);
    if (!found) return [];
    const [, device = '', size, used, free, percent, mount = ''] = found;
    const bytes = (blocks: string | undefined) => Number(blocks) * 1024;
    return [{ device, size: bytes(size), used: bytes(used), free: bytes(free), percent: Number(percent), mount }];
  });
}

/** Free bytes of the first file system that `df -P -k` lists; undefined when it lists none. Pure. */
export function readFree(text: string): number | undefined {
  return readDf(text)[0]?.free;
}
