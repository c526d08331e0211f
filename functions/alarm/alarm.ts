import type { Code } from '../record/codes';
import { accountSchema, instanceIdSchema, plainNameSchema, regionSchema } from '../shared/identifiers';
import * as z from '../shared/schema';

export const alarmKinds = ['metric', 'metric-math', 'anomaly-band', 'composite', 'contributor'] as const;

/** An alarm event of any shape, normalised. `instanceId` is set only if exactly one was found. */
export const alarmSchema = z.object({
  alarmArn: z.string(),
  alarmName: plainNameSchema,
  kind: z.enum(alarmKinds),
  instanceId: z.optional(instanceIdSchema),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  /** When the alarm changed to `state`, ISO 8601, UTC, milliseconds. */
  changedAt: z.string(),
  reason: z.string(),
  account: accountSchema,
  region: regionSchema,
  /** The names of the metrics that the alarm watches, for example CPUUtilization. */
  metricNames: z.array(z.string()),
  contributorId: z.optional(z.string()),
  /** The beginning of the data that it was evaluated over, ISO 8601, UTC; known for alarms that are searched for in logs. */
  dataSince: z.optional(z.string()),
  /** For a composite alarm: the metric alarms in ALARM that named the instance. */
  childAlarms: z.optional(z.array(z.string())),
});

export type Alarm = z.output<typeof alarmSchema>;

/**
 * The code of an alarm's own event if its contributors have theirs: the same trouble twice, so no incident is opened.
 * Source: CloudWatch user guide, "Alarm events and EventBridge", "Multi time series alarm".
 */
export const toldByContributors = 'told-by-contributors' satisfies Code;
