import { metricNames } from '../../functions/anomaly/metrics';

const onlyOne = <T>(found: readonly T[]): T | undefined => (new Set(found).size === 1 ? found[0] : undefined);

/** The EC2 metric in a CloudWatch label, alone or among other words; undefined if there is none, or several. */
export function metricIn(label: string): string | undefined {
  const words = label.split(/[^A-Za-z0-9_]+/);
  return onlyOne(words.filter((word) => (metricNames as string[]).includes(word)));
}

/** The instance in a label. */
export function instanceIn(label: string): string | undefined {
  return onlyOne(label.match(/\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g) ?? []);
}

/** Both, if the label has them. */
export function namedIn(...labels: readonly string[]): { metric?: string; instanceId?: string } {
  const metric = labels.map(metricIn).find((one) => one !== undefined);
  const instanceId = labels.map(instanceIn).find((one) => one !== undefined);
  return { ...(metric === undefined ? {} : { metric }), ...(instanceId === undefined ? {} : { instanceId }) };
}
