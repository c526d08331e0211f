import * as z from '../shared/schema';
import { step } from '../shared/step';
import { toMarkdown } from './markdown';
import { readIncidents } from './read-incidents';
import { mostSeries, readSeries } from './read-series';
import { alarmsToRead, review } from './review';
import { readReviewDays } from './settings';

const input = z.object({ executionId: z.string(), request: z.unknown() });

/** Reviews the last weeks. Read-only; proposals are for a person to apply. */
export const handler = step('review-incidents', input, async (_input, { clock, config }) => {
  const until = clock.now();
  const from = new Date(until.getTime() - readReviewDays() * 86_400_000);
  const records = await readIncidents(config.TABLE_NAME, from, until);
  const series = await readSeries(alarmsToRead(records, mostSeries), from, until);
  const found = review(records, series, { stage: config.STAGE, from, until });
  return { stage: config.STAGE, from: found.from, until: found.until, markdown: toMarkdown(found) };
});
