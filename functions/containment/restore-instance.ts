import {
  CreateTagsCommand,
  DeleteTagsCommand,
  ModifyInstanceAttributeCommand,
  ReplaceIamInstanceProfileAssociationCommand,
} from '@aws-sdk/client-ec2';
import { quarantineTag } from '../guard/tags';
import { ec2 } from '../shared/clients/ec2';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { describeVolumes, readProfile } from './describe';
import { assertMayRelease, ChangedSinceError, noteRestore, readBefore } from './may-release';
import { setMetadata } from './metadata-options';
import { quarantineProfileArn } from './quarantine-profile';
import { type ReleasingIncident, releasingRestoreInput } from './releasing';
import type { Kind } from './saved';
import { readScaleIn, setScaleIn } from './scale-in';

const environment = z.object({
  INSTANCE_ROLES: z._default(z.optional(z.string()), '*'),
});

/** EC2 refuses to give the profile back: the stage may not pass its role, or something else keeps it from it. */
export class ProfileRefusedError extends PlaybookError {}

type Restore = (incident: ReleasingIncident, tools: StepTools) => Promise<void>;

/**
 * Restores an attribute of the instance: profile, DeleteOnTermination, termination protection, scale-in
 * protection, the options of the metadata service, tag. Idempotent.
 */
export const handler = step('restore-instance', releasingRestoreInput, async ({ incident, change }, tools) => {
  await assertMayRelease(incident, tools);
  await noteRestore(incident, change, tools);
  await restores[change.kind]?.(incident, tools);
  return change;
});

const restores: Partial<Record<Kind, Restore>> = {
  profile: async (incident, tools) => {
    const before = await readBefore(incident, 'profile', '', tools);
    const now = await readProfile(incident.instanceId);
    if (now?.arn === before.arn) return;
    const { INSTANCE_ROLES } = parseWith(environment, process.env, 'environment');
    if (now?.arn !== quarantineProfileArn(tools.config))
      throw new ChangedSinceError(
        `The instance profile has changed since the isolation (now ${now?.arn ?? 'none'}). It was left as it is.`,
      );
    const request = { AssociationId: now.associationId, IamInstanceProfile: { Arn: before.arn } };
    await ec2.send(new ReplaceIamInstanceProfileAssociationCommand(request)).catch((cause: unknown) => {
      if (!(cause instanceof Error && cause.name === 'UnauthorizedOperation')) throw cause;
      throw new ProfileRefusedError(
        `EC2 does not let the stage give the instance profile ${before.arn} back: it may pass the roles ${INSTANCE_ROLES} (instanceRoles of the stage). Give it back yourself.`,
        { cause },
      );
    });
  },
  'scale-in': async (incident, tools) => {
    const before = await readBefore(incident, 'scale-in', '', tools);
    const now = await readScaleIn(incident.instanceId);
    if (now?.group !== before.group)
      throw new ChangedSinceError(
        `The instance has left its Auto Scaling group ${before.group} since the isolation (now ${now?.group ?? 'none'}).`,
      );
    if (now.isProtected !== before.isProtected) await setScaleIn(incident.instanceId, before);
  },
  metadata: async (incident, tools) => {
    await setMetadata(incident.instanceId, await readBefore(incident, 'metadata', '', tools));
  },
  volumes: async (incident, tools) => {
    const before = await readBefore(incident, 'volumes', '', tools);
    const now = await describeVolumes(incident.instanceId);
    const changed = before.volumes.filter(({ volumeId, deleteOnTermination }) =>
      now.some((one) => one.volumeId === volumeId && one.deleteOnTermination !== deleteOnTermination),
    );
    if (changed.length === 0) return;
    const BlockDeviceMappings = changed.map(({ deviceName, volumeId, deleteOnTermination }) => ({
      DeviceName: deviceName,
      Ebs: { VolumeId: volumeId, DeleteOnTermination: deleteOnTermination },
    }));
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: incident.instanceId, BlockDeviceMappings }));
  },
  'termination-protection': async (incident, tools) => {
    const { enabled } = await readBefore(incident, 'termination-protection', '', tools);
    const DisableApiTermination = { Value: enabled };
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: incident.instanceId, DisableApiTermination }));
  },
  tag: async (incident, tools) => {
    const { value } = await readBefore(incident, 'tag', '', tools);
    const Resources = [incident.instanceId];
    if (value !== undefined) {
      await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: quarantineTag, Value: value }] }));
      return;
    }
    // Only our own tag is removed: given a value, EC2 deletes the tag only if it has that value.
    await ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: quarantineTag, Value: incident.isolatedBy }] }));
  },
};
