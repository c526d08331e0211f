import { plainNotice } from '../notice/notice';
import { publish } from '../notice/publish';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const input = z.object({
  review: z.object({ stage: z.string(), from: z.string(), until: z.string(), markdown: z.string() }),
});

/** Sends the summary of a review, with the command that creates its page. */
export const handler = step('send-review', input, async ({ review }, { config }) => {
  const { stage, until, markdown } = review;
  const subject = `Review of ${stage}, ${until.slice(0, 10)}`;
  const text = `${markdown}\n\nPage: npm run review -- --stage ${stage} --until ${until}`;
  await publish(plainNotice({ subject, text }, { thread: `review-${stage}`, severity: 'info' }), config);
  return { isSent: true };
});
