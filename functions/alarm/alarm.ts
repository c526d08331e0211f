import * as z from '../shared/schema';

/** Instance ids are `i-` and 8 or 17 hexadecimal digits (EC2 user guide, "Resource IDs"). */
export const instanceIdSchema = z.string().check(z.regex(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, 'an instance id'));

/** Names people give, kept free of control characters so that they cannot break a log line or a notice. */
export const plainNameSchema = z.string().check(z.regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]{1,255}$/u, 'a name'));

export const accountSchema = z.string().check(z.regex(/^\d{12}$/, 'an account id'));
export const regionSchema = z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region'));

export const alarmKinds = ['metric', 'metric-math', 'anomaly-band', 'composite', 'contributor'] as const;

/** An alarm event of any shape, brought to one form. `instanceId` is there only when exactly one was found. */
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
});

export type Alarm = z.output<typeof alarmSchema>;

/** Why an event or an instance is left alone: a stable code for machines and a reason for people. */
export const refusalSchema = z.object({ code: z.string(), reason: z.string() });
export type Refusal = z.output<typeof refusalSchema>;

/**
 * An alarm timestamp as CloudWatch writes it ("2019-10-02T17:04:40.989+0000") in ISO 8601, UTC.
 * @returns undefined when the text is no instant
 */
export function toIsoInstant(text: string): string | undefined {
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
