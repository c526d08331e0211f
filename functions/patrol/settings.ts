import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

const number = z.pipe(
  z.matching(/^\d{1,9}(\.\d{1,6})?$/, 'a number'),
  z.transform((text: string) => Number(text)),
);

const schema = z.object({
  /** The score at which a point becomes a suspicion; 0 to 1. */
  PATROL_SCORE: number,
  /** How far ahead a trend is extrapolated, in hours. */
  PATROL_HORIZON_HOURS: number,
  /** After a suspicion, the instance is not reported again for this long, in hours. */
  PATROL_QUIET_HOURS: number,
  /** An alarm is reported after this long in ALARM, in minutes. */
  PATROL_STUCK_MINUTES: number,
});

export type PatrolSettings = z.output<typeof schema>;

/** @throws InvalidInputError naming the variable that is missing or not a number */
export function readPatrolSettings(environment: NodeJS.ProcessEnv = process.env): PatrolSettings {
  return parseWith(schema, environment, 'environment');
}
