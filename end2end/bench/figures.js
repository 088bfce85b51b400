// Numbers as they are printed.

/** The value that `percent` of all values do not exceed. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 50);

/** Milliseconds on a clock that the processes of one machine share. */
export const now = () => performance.timeOrigin + performance.now();

/** HEADHAUL_BENCH_QUICK=1: sizes at which everything runs once and no figure means much. */
export const sized = (whole, quick) => (process.env.HEADHAUL_BENCH_QUICK === "1" ? quick : whole);

export const milliseconds = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const microseconds = (value) => `${value.toFixed(value < 100 ? 1 : 0)} µs`;
export const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
export const kibibytes = (value) => `${value.toFixed(1)} KiB`;
export const rate = (value) => `${Math.round(value)} /s`;

/** `0.42 x peer`. */
export const ratio = (own, peer) => `${(own / peer).toFixed(2)} x peer`;

/** The median of each server's runs, as `pick` takes them: `{own, node, floor}`. */
export const medians = (runs, pick) =>
  Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, median(all.map(pick))]));

/** `6.0 µs, 0.50 x node (12.0 µs), 1.20 x floor (5.0 µs)`: the first of the named values beside the others. */
export function beside(values, print) {
  const [[, own], ...others] = Object.entries(values);
  // What is too small for the clock of the measure is not divided by.
  const against = (value) => (value > 0 ? `${(own / value).toFixed(2)} x ` : "");
  return [print(own), ...others.map(([name, value]) => `${against(value)}${name} (${print(value)})`)].join(", ");
}
