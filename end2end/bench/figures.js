// Numbers as they are printed.

/** The value that `percent` of all values do not exceed. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const milliseconds = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
export const rate = (value) => `${Math.round(value)} /s`;

/** `0.42 x peer`. */
export const ratio = (own, peer) => `${(own / peer).toFixed(2)} x peer`;
