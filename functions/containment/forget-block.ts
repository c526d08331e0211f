import * as z from 'zod/mini';
import { writeEntry } from '../incident/store';
import { step } from '../shared/step';
import { forgetBlock } from './block-store';
import { blockSchema } from './blocks';

const input = z.object({ block: blockSchema });

/** Ends the record of a block that is nowhere any more, and tells the incident that made it. */
export const handler = step('forget-block', input, async ({ block }, { clock, config }) => {
  const what = `The block of ${block.cidr} was over and is taken away.`;
  await writeEntry(block.incidentId, { key: 'unblocked', at: clock.now().toISOString(), what }, config);
  return { forgotten: await forgetBlock(block, config) };
});
