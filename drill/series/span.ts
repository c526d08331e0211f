import type { SeriesColumn } from './model';

const dayMs = 86_400_000;
/** How long CloudWatch keeps data at most: hourly data points for 455 days. Source: "Metrics retention". */
const keptDays = 455;
/** Exports begin and end at days and months, not at the hour. */
const slackDays = 10;

/** Rejects a series longer than CloudWatch keeps data: then one of its times is wrong, or it was put together. */
export function checkSpan({ times, refuse }: SeriesColumn): void {
  let first = 0;
  let last = 0;
  for (const [i, at] of times.entries()) {
    if (at < times[first]!) first = i;
    if (at > times[last]!) last = i;
  }
  if (times.length === 0 || times[last]! - times[first]! <= (keptDays + slackDays) * dayMs) return;
  const day = (index: number) => new Date(times[index]!).toISOString().slice(0, 10);
  const what = `the data points span ${day(first)} to ${day(last)}, more than the 15 months that CloudWatch keeps`;
  throw refuse(what, last, { howTo: `Cut the file to ${keptDays} days` });
}
