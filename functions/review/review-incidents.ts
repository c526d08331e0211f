import * as z from 'zod/mini';
import { step } from '../shared/step';
import { toMarkdown } from './markdown';
import { noisyAlarms } from './patterns';
import { readIncidents } from './read-incidents';
import { readSeries } from './read-series';
import { review } from './review';
import { readReviewDays } from './settings';

const input = z.object({ executionId: z.string(), request: z.unknown() });

/** Series are read for so many of the noisiest alarms: each is weeks of data points. */
const mostSeries = 20;

/** Reviews the last weeks. Reads only; what it proposes is for a person to apply. */
export const handler = step('review-incidents', input, async (_input, { clock, config }) => {
  const until = clock.now();
  const from = new Date(until.getTime() - readReviewDays() * 86_400_000);
  const records = await readIncidents(config.TABLE_NAME, from, until);
  const noisy = noisyAlarms(records).slice(0, mostSeries);
  const series = await readSeries(
    noisy.map(({ alarmName }) => alarmName),
    from,
    until,
  );
  const found = review(records, series, { stage: config.STAGE, from, until });
  return { stage: config.STAGE, from: found.from, until: found.until, markdown: toMarkdown(found) };
});
