import * as z from 'zod/mini';
import { assertMayAct } from '../guard/may-act';
import { step } from '../shared/step';
import { listBlocks } from './block-store';

const input = z.object({ executionId: z.string() });

/** Lists the blocks whose time is over, the oldest first. Changes nothing. */
export const handler = step('find-expired-blocks', input, async (_, { clock, config }) => {
  await assertMayAct({ mode: config.MODE }, config);
  const now = clock.now().toISOString();
  const expired = (await listBlocks(config)).filter(({ until }) => until <= now);
  // A Map's state is limited in size; what is over is found by the next run.
  return { blocks: expired.slice(0, 200) };
});
