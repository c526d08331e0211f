import { z } from 'zod';
import { readInstant } from '../input/instant';
import { quote } from '../input/quote';
import { inOrder } from '../series/in-order';

const instant = z.union([z.number(), z.string()]).transform((value, context) => {
  const { at, why } = readInstant(value);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: `${quote(value)} ${why}` });
  return z.NEVER;
});

/** An alarm's metric, which a file of records may include; missing values are null. */
export const recordedSeriesSchema = z
  .object({
    alarmName: z.string(),
    /** Where it is, if that is another account than the stage's own, as its records have it. */
    place: z.object({ account: z.string(), region: z.string() }).optional(),
    metric: z.string(),
    periodSeconds: z.number().positive(),
    threshold: z.number(),
    breachesAtThreshold: z.boolean(),
    evaluationPeriods: z.number().int().positive(),
    datapointsToAlarm: z.number().int().positive(),
    times: z.array(instant),
    values: z.array(z.number().nullable()),
  })
  .refine(({ times, values }) => times.length === values.length, 'must have as many times as values')
  .transform(({ times, values, ...rest }) => {
    const known = times.flatMap((at, i) => (values[i] === null ? [] : [{ at, value: values[i]! }]));
    const { times: sorted, values: ordered } = inOrder(
      known.map(({ at }) => at),
      known.map(({ value }) => value),
    );
    return { ...rest, times: sorted, values: ordered };
  });
