/** The value below which a share `q` (0 to 1) of the numbers lies, linear between ranks; NaN when there are none. */
export function quantile(numbers: Float64Array, q: number): number {
  if (numbers.length === 0) return Number.NaN;
  const sorted = Float64Array.from(numbers).sort();
  const position = q * (sorted.length - 1);
  const rank = Math.floor(position);
  const low = sorted[rank]!;
  const high = sorted[Math.min(rank + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - rank);
}
