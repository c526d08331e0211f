import { wordsOf } from '../approval/targets';
import { step } from '../incident/ending-step';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { refuseBlock } from './block-rules';
import { readBlock } from './block-store';
import { blockingIncidentSchema } from './blocking';
import { parseCidr } from './cidr';
import { readOwnRanges } from './own-ranges';
import { readBlockSettings, widestPrefix } from './settings';

const input = z.object({ incident: blockingIncidentSchema });

/**
 * Decides whether the range may be blocked, and records the plan. Our own ranges stay in here: an account may have more of
 * them than an execution's state can hold.
 */
export const handler = step('check-range', input, async ({ incident }, { clock, config }) => {
  const { block, incidentId } = incident;
  const settings = readBlockSettings();
  const refusal = refuseBlock(parseCidr(block.cidr), await readOwnRanges(), widestPrefix(settings));
  if (refusal) return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const known = await readBlock(block.cidr, config);
  if (known && known.incidentId !== incidentId) {
    const reason = `Incident ${known.incidentId} has already blocked ${block.cidr} until ${known.until}.`;
    return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', code: 'already-blocked', reason } };
  }
  const place = settings.BLOCK_NETWORK_ACL_ID ? { networkAclId: settings.BLOCK_NETWORK_ACL_ID } : {};
  const what = wordsOf('block', { cidrs: [block.cidr], minutes: block.minutes, ...place });
  await writeEntry(incidentId, { key: 'plan', at: clock.now().toISOString(), what }, config);
  return { verdict: 'ELIGIBLE', what, ...place };
});
