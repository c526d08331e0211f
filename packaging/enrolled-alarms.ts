import { z } from 'zod';
import type { DescribedAlarm } from '../functions/enrolment/alarm-kinds';
import { notValid } from './not-valid';

/** An alarm of resources/enrolled-alarms.json is wrong: the message names alarm and field. */
export class EnrolledAlarmsError extends Error {
  override name = 'EnrolledAlarmsError';
}

const text = z.string('a text is expected').min(1, 'a text is expected');
const seconds = z.number('a number is expected').refine((value) => [10, 20, 30].includes(value) || value % 60 === 0, {
  message: '10, 20, 30 or a multiple of 60 is expected',
});
const count = z.int('a whole number is expected').min(1, 'at least 1');

const overrideSchema = z
  .strictObject({ setting: text, tag: text, least: z.number(), most: z.number() })
  .refine(({ least, most }) => least <= most, 'least is more than most');

/** What enrolment hands to PutMetricAlarm, and a few words more, that only the template takes. */
const alarmSchema = z
  .strictObject({
    playbook: text,
    override: overrideSchema.optional(),
    Properties: z
      .looseObject({
        AlarmDescription: text,
        Namespace: text,
        MetricName: text,
        Statistic: z.enum(['Average', 'Maximum', 'Sum']),
        Period: seconds,
        EvaluationPeriods: count,
        DatapointsToAlarm: count,
        Threshold: z.union([z.number(), z.string().regex(/^\$\{param:\w+\}$/)], 'a number or a param is expected'),
        ComparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold']),
        TreatMissingData: z.enum(['missing', 'notBreaching', 'breaching', 'ignore']),
      })
      .refine(({ EvaluationPeriods, DatapointsToAlarm }) => DatapointsToAlarm <= EvaluationPeriods, {
        path: ['DatapointsToAlarm'],
        message: 'more than EvaluationPeriods',
      }),
  })
  .refine(({ override, Properties }) => typeof Properties.Threshold === 'number' || override !== undefined, {
    path: ['override'],
    message: 'needed by a threshold that is a param: it names the variable that holds it',
  }) satisfies z.ZodType<DescribedAlarm>;

/**
 * Checks what enrolment makes alarms of, before it is built into functions that trust it.
 * @param file what resources/enrolled-alarms.json holds
 * @throws EnrolledAlarmsError naming each alarm and field that is wrong
 */
export function checkEnrolledAlarms(file: unknown): void {
  const parsed = z.record(z.string(), alarmSchema).safeParse(file);
  if (!parsed.success) throw new EnrolledAlarmsError(notValid('resources/enrolled-alarms.json', parsed.error));
}
