import { DisassociateAddressCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeAddresses } from './describe';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/** Detaches the Elastic IPs if the stage says so; the account keeps them. Idempotent; a release reassociates them. */
export const handler = step('detach-address', input, async ({ incident }, tools) => {
  await assertMayIsolate(incident, tools);
  const addresses = await describeAddresses(incident.instanceId);
  for (const address of addresses) {
    const { allocationId, associationId, publicIp } = address;
    const words = { id: allocationId, what: `Detaching the Elastic IP ${publicIp}.`, revert: 'reassociate it' };
    await saveBefore(incident.incidentId, 'address', address, words, tools);
    await ec2.send(new DisassociateAddressCommand({ AssociationId: associationId }));
  }
  return { detached: addresses.length };
});
