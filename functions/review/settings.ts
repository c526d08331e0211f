import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

const days = z.pipe(
  z.matching(/^[1-9]\d?$/, 'a number of days from 1 to 99'),
  z.transform((text: string) => Number(text)),
);

/** The number of days that a review covers. @throws InvalidInputError naming the variable */
export function readReviewDays(environment: NodeJS.ProcessEnv = process.env): number {
  return parseWith(days, environment.REVIEW_DAYS, 'environment.REVIEW_DAYS');
}
