import { z } from 'zod';
import type { AlarmKind, DescribedAlarm, Group } from '../functions/enrolment/alarm-kinds';
import { kindIn } from '../functions/enrolment/groups';
import type { CompiledTemplate } from './complete-template';
import { notValid } from './not-valid';

/** An alarm in resources/enrolled-alarms.json is not valid: the message names alarm and field. */
export class EnrolledAlarmsError extends Error {
  override name = 'EnrolledAlarmsError';
}

const text = z.string('expected text').min(1, 'expected text');
const seconds = z.number('expected a number').refine((value) => [10, 20, 30].includes(value) || value % 60 === 0, {
  message: 'expected 10, 20, 30 or a multiple of 60',
});
const count = z.int('expected a whole number').min(1, 'at least 1');

/** Source: CloudWatch API reference, PutMetricAlarm: what periods of up to an hour are evaluated over. */
const longestSeconds = 86_400;

const overrideSchema = z
  .strictObject({ setting: text.optional(), tag: text, least: z.number(), most: z.number() })
  .refine(({ least, most }) => least <= most, 'least is greater than most');

/** Enrolment may set alarms of these alone: each needs a machine that takes an instance, and enrolment's rights to its alarms. */
const playbook = z.enum(['restart-instance', 'isolate-instance'], 'expected restart-instance or isolate-instance');
const statistic = z.enum(['Average', 'Maximum', 'Sum']);

/** The input of PutMetricAlarm, and a few fields that only the template uses. */
const alarmSchema = z
  .strictObject({
    playbook,
    agent: z.strictObject({ of: z.array(text) }).optional(),
    told: z.enum(['disk-full', 'memory-full', 'process-missing']).optional(),
    override: overrideSchema.optional(),
    lasting: z.strictObject({ setting: text, param: text }).optional(),
    Properties: z
      .looseObject({
        AlarmDescription: text,
        Namespace: text,
        MetricName: text,
        Statistic: statistic,
        Period: seconds,
        EvaluationPeriods: count,
        DatapointsToAlarm: count,
        Threshold: z.union([z.number(), z.string().regex(/^\$\{param:\w+\}$/)], 'expected a number or a param'),
        ComparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold']),
        TreatMissingData: z.enum(['missing', 'notBreaching', 'breaching', 'ignore']),
      })
      .refine(({ EvaluationPeriods, DatapointsToAlarm }) => DatapointsToAlarm <= EvaluationPeriods, {
        path: ['DatapointsToAlarm'],
        message: 'must not exceed EvaluationPeriods',
      })
      .refine(({ Period, EvaluationPeriods }) => Period * EvaluationPeriods <= longestSeconds, {
        path: ['EvaluationPeriods'],
        message: 'all periods together must not exceed a day',
      }),
  })
  .refine(({ override, Properties }) => typeof Properties.Threshold === 'number' || override?.setting !== undefined, {
    path: ['override'],
    message: 'required if the threshold is a param: the name of the environment variable that holds it',
  }) satisfies z.ZodType<DescribedAlarm>;

const groupAlarmSchema = z.strictObject({
  watched: z.boolean().optional(),
  playbook: playbook.optional(),
  told: z.literal(false, 'expected false, or nothing').optional(),
  Properties: z
    .strictObject({
      Statistic: statistic,
      Period: seconds,
      EvaluationPeriods: count,
      DatapointsToAlarm: count,
      Threshold: z.number('expected a number'),
    })
    .partial()
    .optional(),
});

const fileSchema = z
  .object({ groups: z.record(text.max(256), z.record(z.string(), groupAlarmSchema)) })
  .catchall(alarmSchema)
  .superRefine(({ groups, ...kinds }, { addIssue }) => {
    for (const [name, group] of Object.entries(groups))
      for (const [id, one] of Object.entries(group)) {
        const at = ['groups', name, id];
        const wrong = (path: PropertyKey[], message: string) =>
          addIssue({ code: 'custom', path: [...at, ...path], message });
        const kind = Object.hasOwn(kinds, id) ? (kinds[id] as DescribedAlarm) : undefined;
        if (!kind) wrong([], 'there is no such alarm');
        else checkInGroup(kind, id, group as Group, wrong);
        // A restart empties no disk.
        if (one.told === false && (kind?.told === undefined || kind.told === 'disk-full'))
          wrong(['told'], 'this alarm is not one that a restart may help');
      }
  });

/** What a group makes of an alarm has to be valid as well. */
function checkInGroup(
  { Properties, ...kind }: DescribedAlarm,
  id: string,
  group: Group,
  wrong: (path: PropertyKey[], message: string) => void,
): void {
  const made = kindIn({ id, ...kind, properties: Properties } as AlarmKind, group);
  if (!made) return;
  const { least, most } = kind.override ?? {};
  const given = group[id]?.Properties?.Threshold;
  if (given !== undefined && least !== undefined && most !== undefined && !(given >= least && given <= most))
    wrong(['Properties', 'Threshold'], `expected a number from ${least} to ${most}`);
  const { id: _, properties, ...rest } = made;
  const parsed = alarmSchema.safeParse({ ...rest, Properties: properties });
  for (const { path, message } of parsed.error?.issues ?? []) wrong(path, message);
}

/**
 * Sets how long the stack's own alarms wait, in place, where a param says so: the framework cannot divide minutes by a
 * period. Enrolled alarms have the same from their functions' environment.
 * @param file the contents of resources/enrolled-alarms.json
 */
export function setPeriods({ Resources }: CompiledTemplate, file: unknown, params: Record<string, unknown>): void {
  const { groups: _, ...kinds } = file as Record<string, DescribedAlarm> & { groups: unknown };
  for (const { playbook, lasting, Properties } of Object.values(kinds as Record<string, DescribedAlarm>)) {
    if (!lasting) continue;
    const periods = (Number(params[lasting.param]) * 60) / Properties.Period;
    for (const { Type, Properties: own = {} } of Object.values(Resources)) {
      if (Type !== 'AWS::CloudWatch::Alarm' || own.MetricName !== Properties.MetricName) continue;
      if (!String(own.AlarmName).startsWith(`${playbook}-`)) continue;
      Object.assign(own, { EvaluationPeriods: periods, DatapointsToAlarm: periods });
    }
  }
}

/**
 * Validates the alarms that enrolment creates, and what differs for groups, before they are bundled into functions that trust them.
 * @param file the contents of resources/enrolled-alarms.json
 * @throws EnrolledAlarmsError naming each invalid alarm or group, and field
 */
export function checkEnrolledAlarms(file: unknown): void {
  const parsed = fileSchema.safeParse(file);
  if (!parsed.success) throw new EnrolledAlarmsError(notValid('resources/enrolled-alarms.json', parsed.error));
}
