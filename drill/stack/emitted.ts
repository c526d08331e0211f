import { z } from 'zod';
import type { SimulatedCloud } from '../cloud';
import { Alarm } from '../cloud/cloudwatch/alarm';

const documentSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

interface Emitted {
  at: number;
  values: readonly number[];
}

/**
 * Lets alarms see what the functions count: their lines in the embedded metric format become metrics, as they do in
 * CloudWatch. Only metrics that an alarm watches are read.
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
export function countEmitted(lines: readonly string[], cloud: SimulatedCloud): void {
  const byMetric = new Map<string, Emitted[]>();
  let read = 0;
  const readMore = () => {
    for (; read < lines.length; read += 1) {
      const line = lines[read]!;
      if (!line.includes('"_aws"')) continue;
      const document = documentSchema.parse(JSON.parse(line));
      for (const { Namespace, Dimensions, Metrics } of document._aws.CloudWatchMetrics)
        for (const names of Dimensions)
          for (const { Name } of Metrics) {
            const dimensions = Object.fromEntries(names.map((name) => [name, String(document[name])]));
            const key = keyOf(Namespace, Name, dimensions);
            const values = [document[Name]].flat().map(Number);
            const emitted = byMetric.get(key) ?? [];
            emitted.push({ at: document._aws.Timestamp, values });
            byMetric.set(key, emitted);
          }
    }
  };
  for (const alarm of cloud.cloudWatch.alarms.all()) {
    const metric = alarm instanceof Alarm ? alarm.watched?.metric : undefined;
    if (metric?.namespace !== 'IncidentPlaybooks') continue;
    const key = keyOf(metric.namespace, metric.metricName, metric.dimensions);
    cloud.cloudWatch.series(metric, {
      value(minute) {
        readMore();
        const found = (byMetric.get(key) ?? []).filter(({ at }) => at >= minute && at < minute + 60_000);
        const values = found.flatMap((one) => one.values);
        return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
      },
    });
  }
}

const keyOf = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
