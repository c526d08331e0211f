import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { refuseBlock } from './block-rules';
import { readBlock } from './block-store';
import { blockingIncidentSchema } from './blocking';
import { parseCidr } from './cidr';
import { readBlockSettings } from './settings';

const input = z.object({
  incident: z.extend(blockingIncidentSchema, {
    ranges: z.object({ own: z.array(z.object({ what: z.string(), cidr: z.string() })) }),
  }),
});

/** Decides whether the range may be blocked, and records the plan. Makes no AWS call. */
export const handler = step('check-range', input, async ({ incident }, { clock, config }) => {
  const { block, ranges, incidentId } = incident;
  const settings = readBlockSettings();
  const widest = { ipv4: settings.WIDEST_IPV4_PREFIX, ipv6: settings.WIDEST_IPV6_PREFIX };
  const refusal = refuseBlock(parseCidr(block.cidr), ranges.own, widest);
  if (refusal) return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', ...refusal } };
  const known = await readBlock(block.cidr, config);
  if (known && known.incidentId !== incidentId) {
    const reason = `Incident ${known.incidentId} has already blocked ${block.cidr} until ${known.until}.`;
    return { verdict: 'REFUSED', conclusion: { outcome: 'SKIPPED', code: 'already-blocked', reason } };
  }
  const acl = settings.BLOCK_NETWORK_ACL_ID;
  const places = [...(acl ? [`the network ACL ${acl} (both directions)`] : []), "the stage's WAF IP set"];
  const what = `Block ${block.cidr} for ${block.minutes} minutes in ${places.join(' and ')}.`;
  await writeEntry(incidentId, { key: 'plan', at: clock.now().toISOString(), what }, config);
  return { verdict: 'ELIGIBLE', what };
});
