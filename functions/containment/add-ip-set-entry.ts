import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { noteBlock } from './block-store';
import { assertMayBlock, blockingIncidentSchema } from './blocking';
import { NotVerifiedError } from './group-rules';
import { changeIpSet, ipSetOf, isRange, readIpSet } from './ip-set';

const input = z.object({ incident: blockingIncidentSchema });

/** Adds the range to the stage's WAF IP set and verifies it. Idempotent; the schedule removes it again. */
export const handler = step('add-ip-set-entry', input, async ({ incident }, tools) => {
  const { clock, config } = tools;
  const { incidentId, block } = incident;
  const ipSet = ipSetOf(block.family);
  await assertMayBlock(incident, tools);
  await noteBlock({ cidr: block.cidr, incidentId }, { ipSet: { id: ipSet.Id } }, config);
  await changeIpSet(ipSet, (addresses) =>
    addresses.some(isRange(block.cidr)) ? undefined : [...addresses, block.cidr],
  );
  if (!(await readIpSet(ipSet)).some(isRange(block.cidr)))
    throw new NotVerifiedError(`The IP set ${ipSet.Name} does not contain ${block.cidr}.`);
  const what = `Added ${block.cidr} to the IP set ${ipSet.Name}.`;
  const entry = { key: 'ip-set-entry-added', at: clock.now().toISOString(), what, revert: 'remove it' };
  await writeEntry(incidentId, entry, config);
  return { verdict: 'ADDED', ipSet: ipSet.Name };
});
