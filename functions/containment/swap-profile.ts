import { ReplaceIamInstanceProfileAssociationCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readProfile } from './describe';
import { assertMayIsolate } from './may-isolate';
import { quarantineProfileArn } from './quarantine-profile';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/**
 * Gives the instance a profile whose role allows nothing. Credentials that it has already fetched stay valid until they
 * expire: revoking those is a separate step. Idempotent; a release restores the profile.
 */
export const handler = step('swap-profile', input, async ({ incident }, tools) => {
  const quarantine = quarantineProfileArn(tools.config);
  await assertMayIsolate(incident, tools);
  const profile = await readProfile(incident.instanceId);
  if (!profile || profile.arn === quarantine) return { swapped: profile !== undefined };
  const words = { what: `Replacing the instance profile ${profile.arn}.`, revert: 'restore it' };
  await saveBefore(incident.incidentId, 'profile', profile, words, tools);
  await ec2.send(
    new ReplaceIamInstanceProfileAssociationCommand({
      AssociationId: profile.associationId,
      IamInstanceProfile: { Arn: quarantine },
    }),
  );
  return { swapped: true };
});
