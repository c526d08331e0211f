import { ReplaceIamInstanceProfileAssociationCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readProfile } from './describe';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });
const environment = z.object({ QUARANTINE_PROFILE_ARN: z.string().check(z.startsWith('arn:')) });

/**
 * Gives the instance a profile whose role allows nothing. Credentials that it has already fetched stay valid until they
 * expire: revoking those is a separate step. Idempotent; a release restores the profile.
 */
export const handler = step('swap-profile', input, async ({ incident }, tools) => {
  const { QUARANTINE_PROFILE_ARN } = parseWith(environment, process.env, 'environment');
  await assertMayIsolate(incident, tools);
  const profile = await readProfile(incident.instanceId);
  if (!profile || profile.arn === QUARANTINE_PROFILE_ARN) return { swapped: profile !== undefined };
  const words = { what: `Replacing the instance profile ${profile.arn}.`, revert: 'restore it' };
  await saveBefore(incident.incidentId, 'profile', profile, words, tools);
  await ec2.send(
    new ReplaceIamInstanceProfileAssociationCommand({
      AssociationId: profile.associationId,
      IamInstanceProfile: { Arn: QUARANTINE_PROFILE_ARN },
    }),
  );
  return { swapped: true };
});
