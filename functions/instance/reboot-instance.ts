import { RebootInstancesCommand } from '@aws-sdk/client-ec2';
import { assertMayChange } from '../guard/may-change';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import { IncorrectInstanceStateError } from '../shared/aws-errors';
import { ec2Once } from '../shared/clients/ec2';
import * as z from '../shared/schema';

const input = z.object({ incident: leasedIncidentSchema });

/** Reboots the instance, once per incident; host, address and instance store data are kept, so there is nothing to revert. */
export const handler = step('reboot-instance', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  const snapshot = await assertMayChange(incident, tools, { action: 'reboot', rung: 1 });
  if (snapshot.state !== 'running') {
    throw new IncorrectInstanceStateError(`The instance is ${snapshot.state}, so it is not rebooted.`);
  }
  const at = tools.clock.now().toISOString();
  const isFirst = await writeEntry(
    incidentId,
    { key: 'reboot-requested', at, what: 'Asked EC2 to reboot the instance.' },
    tools.config,
  );
  // A reboot leaves no trace in the instance's state: after a crash, missing one is better than making two.
  if (isFirst) await ec2Once.send(new RebootInstancesCommand({ InstanceIds: [instanceId] }));
  return { at, isFirst };
});
