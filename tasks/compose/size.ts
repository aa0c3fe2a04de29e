/** Decimal and binary units as Docker prints them, and compose's own, in which `512M` is binary. Lower case. */
const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** What compose takes for `memory:` (`512M`, `1g`, `128mb`, bytes), and what `docker stats` prints (`484KiB`). */
export const SIZE = /^(\d+(?:\.\d+)?) ?(b|[kmgt](?:b|ib)?)?$/i;

/** Bytes of a size; undefined for what is none. Pure. `mb` is `m` (docker/go-units, `RAMInBytes`). */
export function bytesOf(size: string): number | undefined {
  const match = SIZE.exec(size.trim());
  if (!match) return undefined;
  const unit = (match[2] ?? 'b').toLowerCase();
  const factor = UNITS[unit] ?? UNITS[unit.charAt(0)] ?? 1;
  return Math.round(Number(match[1]) * factor);
}

/** `512M`, `1.5G`, `none` for 0. Pure. */
export function sizeInWords(bytes: number): string {
  if (bytes === 0) return 'none';
  const [unit, factor] = bytes >= 1024 ** 3 ? ['G', 1024 ** 3] : ['M', 1024 ** 2];
  return `${Number((bytes / Number(factor)).toFixed(1))}${unit}`;
}
