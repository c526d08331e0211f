import { KillSwitchOnError } from '../guard/kill-switch';
import { assertMayAct, ModeIsObserveError } from '../guard/may-act';
import { writeEntry } from '../record/store';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { forgetBlock, forgetPlace, listBlocks } from './block-store';
import type { Block } from './blocks';
import { changeIpSet, ipSetOf, isRange } from './ip-set';
import { deleteDeny } from './network-acl';

/** Some expired blocks could not be removed; the next scheduled run retries. */
export class BlocksLeftError extends PlaybookError {}

/** A scheduled event; its content is not used. */
const input = z.looseObject({});

/**
 * Runs on a schedule: removes expired blocks and nothing else. A failure with one does not stop the others.
 * Idempotent: blocks that no longer exist are skipped.
 * @throws BlocksLeftError
 */
export const handler = step('remove-expired-blocks', input, async (_, { clock, config }) => {
  if (!(await mayAct(config))) return { removed: 0 };
  const now = clock.now();
  const expired = (await listBlocks(config)).filter(({ until }) => until <= now.toISOString());
  const failures: unknown[] = [];
  for (const block of expired) {
    try {
      await remove(block, now, config);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return { removed: expired.length };
  throw new BlocksLeftError(`${failures.length} of ${plural(expired.length, 'expired block')} could not be removed.`, {
    cause: failures[0],
  });
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

async function remove(block: Block, now: Date, config: Config): Promise<void> {
  const { cidr, family, acl, ipSet, incidentId } = block;
  if (acl) {
    await deleteDeny(acl.networkAclId, acl.ruleNumber, cidr);
    await forgetPlace(cidr, 'acl', config);
  }
  if (ipSet) {
    const isOurs = isRange(cidr);
    await changeIpSet(ipSetOf(family), (addresses) =>
      addresses.some(isOurs) ? addresses.filter((address) => !isOurs(address)) : undefined,
    );
    await forgetPlace(cidr, 'ipSet', config);
  }
  await forgetBlock(block, config);
  const what = `The block of ${cidr} has expired and is removed.`;
  await writeEntry(incidentId, { key: `unblocked#${cidr}`, at: now.toISOString(), what }, config);
}
