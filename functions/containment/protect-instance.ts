import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeVolumes, readTerminationProtection } from './describe';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/** Turns termination protection on and DeleteOnTermination off, so that no evidence is lost. Idempotent; a release restores both. */
export const handler = step('protect-instance', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools);
  const enabled = await readTerminationProtection(instanceId);
  const termination = { what: 'Turning termination protection on.', revert: 'restore it' };
  await saveBefore(incidentId, 'termination-protection', { enabled }, termination, tools);
  if (!enabled) {
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: instanceId, DisableApiTermination: { Value: true } }),
    );
  }
  const volumes = await describeVolumes(instanceId);
  const keeping = { what: 'Turning DeleteOnTermination off for its volumes.', revert: 'restore DeleteOnTermination' };
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
