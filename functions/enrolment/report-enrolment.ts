import { plainNotice } from '../notice/notice';
import { publish } from '../notice/publish';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeRun, runSchema } from './run';

const input = z.object({
  state: z.object({ run: runSchema, report: z.optional(z.boolean()) }),
});

/** Reports what a run repaired: the nightly run if it found drift, and any run that could not finish. */
export const handler = step('report-enrolment', input, async ({ state: { run, report } }, { config }) => {
  const told = describeRun(run, config.STAGE);
  const isDue = told !== undefined && (report !== false || run.verdict === 'OVERDUE');
  if (isDue)
    await publish(
      plainNotice(told, { thread: `enrolment-${config.STAGE}`, severity: run.verdict === 'OVERDUE' ? 'look' : 'info' }),
      config,
    );
  return { isTold: isDue };
});
