import { z } from 'zod';
import type { DescribedAlarm } from '../functions/enrolment/alarm-kinds';
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

const overrideSchema = z
  .strictObject({ setting: text.optional(), tag: text, least: z.number(), most: z.number() })
  .refine(({ least, most }) => least <= most, 'least is greater than most');

/** The input of PutMetricAlarm, and a few fields that only the template uses. */
const alarmSchema = z
  .strictObject({
    playbook: text,
    agent: z.literal(true).optional(),
    told: z.literal('disk-full').optional(),
    override: overrideSchema.optional(),
    lasting: z.strictObject({ setting: text, param: text }).optional(),
    Properties: z
      .looseObject({
        AlarmDescription: text,
        Namespace: text,
        MetricName: text,
        Statistic: z.enum(['Average', 'Maximum', 'Sum']),
        Period: seconds,
        EvaluationPeriods: count,
        DatapointsToAlarm: count,
        Threshold: z.union([z.number(), z.string().regex(/^\$\{param:\w+\}$/)], 'expected a number or a param'),
        ComparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold']),
        TreatMissingData: z.enum(['missing', 'notBreaching', 'breaching', 'ignore']),
      })
      .refine(({ EvaluationPeriods, DatapointsToAlarm }) => DatapointsToAlarm <= EvaluationPeriods, {
        path: ['DatapointsToAlarm'],
        message: 'must not exceed EvaluationPeriods',
      }),
  })
  .refine(({ override, Properties }) => typeof Properties.Threshold === 'number' || override?.setting !== undefined, {
    path: ['override'],
    message: 'required if the threshold is a param: the name of the environment variable that holds it',
  }) satisfies z.ZodType<DescribedAlarm>;

/**
 * Sets how long the stack's own alarms wait, in place, where a param says so: the framework cannot divide minutes by a
 * period. Enrolled alarms have the same from their functions' environment.
 * @param file the contents of resources/enrolled-alarms.json
 */
export function setPeriods({ Resources }: CompiledTemplate, file: unknown, params: Record<string, unknown>): void {
  for (const { playbook, lasting, Properties } of Object.values(file as Record<string, DescribedAlarm>)) {
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
 * Validates the alarms that enrolment creates, before they are bundled into functions that trust them.
 * @param file the contents of resources/enrolled-alarms.json
 * @throws EnrolledAlarmsError naming each invalid alarm and field
 */
export function checkEnrolledAlarms(file: unknown): void {
  const parsed = z.record(z.string(), alarmSchema).safeParse(file);
  if (!parsed.success) throw new EnrolledAlarmsError(notValid('resources/enrolled-alarms.json', parsed.error));
}
