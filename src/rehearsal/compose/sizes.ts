/** Sizes as compose files have them, and as Docker prints them. Pure. */

const FACTORS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `512M` of a compose file, in bytes: its units are binary. */
export function bytesOf(size: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(size.trim());
  return found ? Math.round(Number(found[1]) * (FACTORS[(found[2] || 'b').toLowerCase()] ?? 1)) : 0;
}

/** `548KiB`, as `docker stats` prints. */
export function binarySize(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB']);
}

/** `1.2GB`, as `docker image ls` prints. */
export function decimalSize(bytes: number): string {
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB']);
}

function scaled(bytes: number, step: number, units: readonly string[]): string {
  let value = bytes;
  let unit = 0;
  while (value >= step && unit < units.length - 1) {
    value /= step;
    unit += 1;
  }
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}
