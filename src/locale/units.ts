/** Figures as people read them. Pure. */

/** What of a language they depend on. */
interface Marks {
  decimal: string;
}

/** A duration for people: `0.8 s`, `42 s`, `3:07`, `1:02:03`. */
export function duration(ms: number, { decimal }: Marks): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1).replace('.', decimal)} s`;
  return ms < 60_000 ? `${Math.floor(ms / 1000)} s` : clock(ms);
}

/** A running clock, whole seconds: `0:07`, `12:31`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Milliseconds of a latency: `87 ms`, `1.4 s`. */
export function latency(ms: number, { decimal }: Marks): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1).replace('.', decimal)} s`;
}

/** A share as per cent: `0.4 %`. */
export function share(part: number, { decimal }: Marks): string {
  return `${(part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0).replace('.', decimal)} %`;
}
