import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeVolumes, readTerminationProtection } from './describe';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/** Termination protection on, and no volume goes with the instance: evidence must not be lost. Idempotent; a release puts both back. */
export const handler = step('protect-instance', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools);
  const enabled = await readTerminationProtection(instanceId);
  const termination = { what: 'Switches termination protection on.', revert: 'switch it back' };
  await saveBefore(incidentId, 'termination-protection', { enabled }, termination, tools);
  if (!enabled) {
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: instanceId, DisableApiTermination: { Value: true } }),
    );
  }
  const volumes = await describeVolumes(instanceId);
  const keeping = { what: 'Keeps its volumes should it be terminated.', revert: 'set DeleteOnTermination back' };
  await saveBefore(incidentId, 'volumes', { volumes }, keeping, tools);
  const leaving = volumes.filter(({ deleteOnTermination }) => deleteOnTermination);
  if (leaving.length > 0) {
    const BlockDeviceMappings = leaving.map(({ deviceName, volumeId }) => ({
      DeviceName: deviceName,
      Ebs: { VolumeId: volumeId, DeleteOnTermination: false },
    }));
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId, BlockDeviceMappings }));
  }
  return { wasProtected: enabled, volumes: leaving.length };
});
