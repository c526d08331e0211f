import * as z from 'zod/mini';
import { KillSwitchOnError } from '../guard/kill-switch';
import { assertMayAct, ModeIsObserveError } from '../guard/may-act';
import type { Config } from '../shared/config';
import { step } from '../shared/step';
import { listBlocks } from './block-store';

const input = z.object({ executionId: z.string() });

/** Lists the blocks whose time is over, the oldest first; none where the stage may change nothing. Changes nothing itself. */
export const handler = step('find-expired-blocks', input, async (_, { clock, config }) => {
  if (!(await mayAct(config))) return { blocks: [] };
  const now = clock.now().toISOString();
  const expired = (await listBlocks(config)).filter(({ until }) => until <= now);
  // A Map's state is limited in size; what is over is found by the next run.
  return { blocks: expired.slice(0, 200) };
});

async function mayAct(config: Config): Promise<boolean> {
  try {
    await assertMayAct({ mode: config.MODE }, config);
    return true;
  } catch (error) {
    if (error instanceof ModeIsObserveError || error instanceof KillSwitchOnError) return false;
    throw error;
  }
}
