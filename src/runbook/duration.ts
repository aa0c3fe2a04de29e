const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `500ms`, `90s`, `15m`, `2h` or `1h30m`; undefined for anything else, zero and more than a day too. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h)/g)) total += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return total > 0 && total <= 24 * 3_600_000 ? total : undefined;
}

/** The shortest way to write so many milliseconds, e.g. `90s`, `15m`, `1h30m`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000 || ms % 1_000 !== 0) return `${ms}ms`;
  if (ms < 120_000 && ms % 60_000 !== 0) return `${ms / 1_000}s`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  return [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter(Boolean).join('');
}
