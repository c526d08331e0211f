import { type Notice, toNotice } from '../notice/message';
import { scopeOf } from '../place/place';
import { executionNameOf } from '../shared/execution-name';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { toMarkdown } from './markdown';
import { readIncidents } from './read-incidents';
import { readPlaces } from './read-places';
import { readingMs } from './read-series';
import { alarmsToRead, review } from './review';
import { readReviewDays } from './settings';

const input = z.object({ executionId: z.string(), request: z.unknown() });

/**
 * Reviews the last weeks of all places and writes the notice. Read-only; proposals are for a person to apply. Of a place that
 * cannot be read, and of alarms that there is no time for, it says so.
 */
export const handler = step('review-incidents', input, async ({ executionId }, { clock, config }) => {
  const until = clock.now();
  const from = new Date(until.getTime() - readReviewDays() * 86_400_000);
  const records = await readIncidents(config.TABLE_NAME, from, until);
  const reading = { from, until, hasTime: () => clock.now().getTime() < until.getTime() + readingMs };
  const run = `review-incidents-${executionNameOf(executionId)}`;
  const { series, notRead } = await readPlaces(alarmsToRead(records), scopeOf(config), run, reading);
  const found = review(records, series, { stage: config.STAGE, from, until }, notRead);
  return { from: found.from, until: found.until, notice: summaryOf(toMarkdown(found), found.until, config.STAGE) };
});

/** The summary of a review, with the command that creates its page. */
function summaryOf(markdown: string, until: string, stage: string): Notice {
  const title = `Review of ${stage}, ${until.slice(0, 10)}`;
  const text = `${markdown}\n\nPage: npm run review -- --stage ${stage} --until ${until}`;
  return toNotice({ title, text, markdown: text, thread: `review-${stage}`, severity: 'info' });
}
