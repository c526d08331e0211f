import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { type LeasedIncident, leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { describeVolumes, readTerminationProtection } from './describe';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/**
 * Turns DeleteOnTermination off, then termination protection on, so that no evidence is lost. Idempotent; a release restores
 * both. The volumes come first: EC2 rejects termination protection for Spot Instances, whose volumes count all the more.
 * Source: EC2 user guide, "Enable termination protection" (not for Spot Instances).
 */
export const handler = step('protect-instance', input, async ({ incident }, tools) => {
  const { instanceId } = incident;
  const { isSpot } = await assertMayIsolate(incident, tools);
  const volumes = await keepVolumes(incident, tools);
  if (isSpot) return { volumes };
  const enabled = await readTerminationProtection(instanceId);
  const termination = { what: 'Turning termination protection on.', revert: 'restore it' };
  await saveBefore(incident.incidentId, 'termination-protection', { enabled }, termination, tools);
  if (!enabled) {
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: instanceId, DisableApiTermination: { Value: true } }),
    );
  }
  return { wasProtected: enabled, volumes };
});

/** @returns the number of volumes that would have been deleted with the instance */
async function keepVolumes({ incidentId, instanceId }: LeasedIncident, tools: StepTools): Promise<number> {
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
  return leaving.length;
}
