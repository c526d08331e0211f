import { accountSchema, instanceIdSchema, plainNameSchema, regionSchema } from '../shared/identifiers';
import { toIsoInstant } from '../shared/instant';
import { askedPlaceSchema, requestSchema } from '../shared/manual-start';
import * as z from '../shared/schema';

const instant = z.string().check(
  z.maxLength(40),
  z.refine((text: string) => toIsoInstant(text) !== undefined, 'a timestamp'),
);

const state = z.object({
  value: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  timestamp: instant,
  reason: z.optional(z.string().check(z.maxLength(8192))),
  reasonData: z.optional(z.string().check(z.maxLength(65_536))),
  actionsSuppressedBy: z.optional(z.string().check(z.maxLength(64))),
});

const metric = z.object({
  id: z.optional(z.string()),
  /** Another account's, in the alarm of a monitoring account. Source: CloudWatch API reference, MetricDataQuery. */
  accountId: z.optional(accountSchema),
  expression: z.optional(z.string()),
  metricStat: z.optional(
    z.object({
      metric: z.object({
        name: plainNameSchema,
        namespace: z.optional(z.string()),
        dimensions: z.optional(z.record(z.string(), z.string())),
      }),
    }),
  ),
});

/** Without control characters and bounded: it goes into records and notices. */
const arn = z.matching(/^arn:[^\p{Cc}\p{Cf}\u2028\u2029]{1,1500}$/u, 'an ARN');

const envelope = {
  source: z.literal('aws.cloudwatch'),
  account: accountSchema,
  region: regionSchema,
  resources: z.array(arn).check(z.minLength(1), z.maxLength(10)),
};

const detail = {
  alarmName: plainNameSchema,
  state,
  muteDetail: z.optional(z.looseObject({})),
};

/** "CloudWatch Alarm State Change": metric, metric math, anomaly band and composite alarms. */
const stateChange = z.object({
  ...envelope,
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  detail: z.object({
    ...detail,
    configuration: z.object({
      metrics: z.optional(z.array(metric).check(z.maxLength(500))),
      alarmRule: z.optional(z.string().check(z.maxLength(10_240))),
    }),
  }),
});

/** "CloudWatch Alarm Contributor State Change": one series of a Metrics Insights alarm. */
const contributorStateChange = z.object({
  ...envelope,
  'detail-type': z.literal('CloudWatch Alarm Contributor State Change'),
  detail: z.object({
    ...detail,
    alarmContributor: z.object({
      id: plainNameSchema,
      attributes: z.optional(z.record(z.string(), z.string())),
    }),
  }),
});

/** The alarm events that EventBridge delivers. Source: CloudWatch user guide, "Alarm events and EventBridge". */
export const alarmEventSchema = z.discriminatedUnion('detail-type', [stateChange, contributorStateChange]);
export type AlarmEvent = z.output<typeof alarmEventSchema>;

/** The input of a manual start, or of a drill. */
export const manualStartSchema = z.extend(requestSchema, { instanceId: instanceIdSchema, place: askedPlaceSchema });

/** A drill on a deployed stage wraps the alarm event, so that the alarm, which was set manually, is not confirmed. */
export const drillSchema = z.object({ start: z.literal('drill'), event: alarmEventSchema });

/** `triggeringAlarms` of a composite alarm's `state.reasonData`, a JSON string; a rule may ask for children that are OK. */
export const compositeReasonSchema = z.object({
  triggeringAlarms: z
    .array(z.object({ arn: z.string(), state: z.optional(z.object({ value: z.optional(z.string()) })) }))
    .check(z.minLength(1), z.maxLength(100)),
});
