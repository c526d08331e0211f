/** The value below which a share `q` (0 to 1) of the numbers lies, linear between ranks; NaN when there are none. */
export function quantile(numbers: Float64Array, q: number): number {
  if (numbers.length === 0) return Number.NaN;
  const sorted = numbers.slice().sort();
  const position = q * (sorted.length - 1);
  const rank = Math.floor(position);
  const low = sorted[rank]!;
  const high = sorted[Math.min(rank + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - rank);
}

/** The finite numbers among those from `from` (in) to `to` (out). */
export function finiteOf(numbers: Float64Array, from = 0, to = numbers.length): Float64Array {
  const found = new Float64Array(Math.max(0, Math.min(to, numbers.length) - from));
  let count = 0;
  for (let i = from; i < to && i < numbers.length; i++) {
    const one = numbers[i]!;
    if (Number.isFinite(one)) found[count++] = one;
  }
  return found.subarray(0, count);
}
