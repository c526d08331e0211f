import { DisassociateAddressCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeAddresses } from './describe';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/** Takes the Elastic IPs off (where the stage wants that); they stay the account's. Idempotent; a release puts them back. */
export const handler = step('detach-address', input, async ({ incident }, tools) => {
  await assertMayIsolate(incident, tools);
  const addresses = await describeAddresses(incident.instanceId);
  for (const address of addresses) {
    const { allocationId, associationId, publicIp } = address;
    const words = { id: allocationId, what: `Takes the Elastic IP ${publicIp} off.`, revert: 'associate it again' };
    await saveBefore(incident.incidentId, 'address', address, words, tools);
    await ec2.send(new DisassociateAddressCommand({ AssociationId: associationId }));
  }
  return { detached: addresses.length };
});
