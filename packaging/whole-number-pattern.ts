/**
 * A regular expression for the whole numbers of a range, without leading zeros: CloudFormation's type Number also takes
 * 15.5, and has no pattern.
 * @param min at least 0
 */
export function wholeNumberPattern(min: number, max: number): string {
  const parts: string[] = [];
  // Ranges of numbers with as many digits each, and in each of those, ranges in which only the last digits are free.
  for (let low = min; low <= max; ) {
    const digits = String(low).length;
    const high = Math.min(max, 10 ** digits - 1);
    parts.push(...sameLength(String(low), String(high)));
    low = high + 1;
  }
  return `^(${parts.join('|')})$`;
}

function sameLength(low: string, high: string): string[] {
  if (low === high) return [low];
  if (/^0*$/.test(low.slice(1)) && /^9*$/.test(high.slice(1))) return [digit(low[0]!, high[0]!) + any(low.length - 1)];
  const [first, last] = [Number(low[0]), Number(high[0])];
  const inside = (from: string, to: string, head: string) => sameLength(from, to).map((one) => head + one);
  if (first === last) return inside(low.slice(1), high.slice(1), low[0]!);
  const rest = low.length - 1;
  const isWhole = { low: /^0*$/.test(low.slice(1)), high: /^9*$/.test(high.slice(1)) };
  const from = isWhole.low ? first : first + 1;
  const to = isWhole.high ? last : last - 1;
  return [
    ...(isWhole.low ? [] : inside(low.slice(1), '9'.repeat(rest), low[0]!)),
    ...(from <= to ? [digit(String(from), String(to)) + any(rest)] : []),
    ...(isWhole.high ? [] : inside('0'.repeat(rest), high.slice(1), high[0]!)),
  ];
}

const digit = (low: string, high: string) => (low === high ? low : `[${low}-${high}]`);
const any = (count: number) => (count === 0 ? '' : count === 1 ? '[0-9]' : `[0-9]{${count}}`);
