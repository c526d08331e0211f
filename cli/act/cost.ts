/**
 * List prices of us-east-1 in USD, on demand, without free tier and tax; other regions differ by up to about half. Sources,
 * none of them AWS's own list itself: t4g.nano with Linux by Karpenter's table of prices of 2026-01-19; gp3, snapshots and
 * alarms of standard resolution as tools that estimate costs quote AWS's price list.
 */
const prices = { instanceHour: 0.0042, volumeGbMonth: 0.08, snapshotGbMonth: 0.05, alarmMonth: 0.1 } as const;

/** The smallest volume that the image of Amazon Linux 2023 fits on, in GB. */
export const volumeGb = 8;
/** Alarms that enrolment makes of a tagged instance, while it is there. */
const alarms = 4;
/** Hours of a month, as AWS bills storage and alarms. */
const monthHours = 730;

/** The most hours that a run takes: each of five executions may wait for a person, and start and end take minutes. */
export const mostHours = 4;

/** What a run costs in USD, if everything that it makes is there for all that time. */
export function costOf(hours: number): number {
  const { instanceHour, volumeGbMonth, snapshotGbMonth, alarmMonth } = prices;
  const monthly = volumeGb * (volumeGbMonth + snapshotGbMonth) + alarms * alarmMonth;
  return hours * (instanceHour + monthly / monthHours);
}

/** The cost in words, with the arithmetic. */
export function costLine(hours = mostHours): string {
  const cost = costOf(hours).toFixed(3);
  return `At most about $${cost} for ${hours} hours in us-east-1 (t4g.nano ${prices.instanceHour} an hour, ${volumeGb} GB of gp3 and of its snapshot, ${alarms} alarms), plus fractions of a cent for executions. Prices as of January 2026, an estimate; yours: https://aws.amazon.com/ec2/pricing/on-demand/`;
}
