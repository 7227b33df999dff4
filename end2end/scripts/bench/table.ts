// How figures are printed: one line each, as soon as it is known, in three columns. Nothing here judges: an aim is
// printed beside its figure, and whoever reads compares.

const WHAT = 50;
const FIGURE = 56;

/** One figure, and the aim that it is compared with, if there is one. */
export function tell(what: string, figure: string, aim?: string): void {
  console.log(`  ${what.padEnd(WHAT)} ${figure.padEnd(FIGURE)} ${aim ? `aim ${aim}` : ''}`.trimEnd());
}

/** A group of figures, and what they were taken under. */
export function group(title: string, ...conditions: string[]): void {
  console.log(`\n${title}`);
  for (const condition of conditions) console.log(`  (${condition})`);
}

/** Decimal megabytes: what disks and networks count in. */
export const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
export const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
export const kb = (bytes: number) => `${(bytes / 1e3).toFixed(1)} kB`;
export const ms = (milliseconds: number) => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
export const us = (milliseconds: number) => `${(milliseconds * 1e3).toFixed(0)} µs`;

/** `p50 3.1 ms, p99 12 ms` of a list of milliseconds. */
export function percentiles(times: readonly number[], ...which: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  return which.map((p) => `p${p} ${ms(quantile(sorted, p / 100))}`).join(', ');
}

/** The smallest value that is not below so many of the sorted ones ("nearest rank"). */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile([...values].sort((a, b) => a - b), 0.5);
}
