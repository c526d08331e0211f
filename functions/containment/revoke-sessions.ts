import { GetInstanceProfileCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { assertApproved } from '../approval/approved';
import { assertInTurn } from '../guard/in-turn';
import { fence } from '../guard/lease';
import { assertMayAct } from '../guard/may-act';
import { leasedIncidentSchema } from '../record/leased-incident';
import { readEntry } from '../record/store';
import { iam } from '../shared/clients/iam';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { profileSchema } from './environment';
import { saveBefore } from './save-before';
import { beforeSchemas, changeKey, revocationPolicyName } from './saved';

/** The instance profile has no role, so there are no sessions to revoke. */
export class NoRoleError extends PlaybookError {}
/** The instance profile is not the one that this incident removed from its instance. */
export class NotItsProfileError extends PlaybookError {}

/** IAM takes a moment to have a policy everywhere: sessions that begin meanwhile are denied too, as the console does it. */
const spreadSeconds = 30;

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { environment: z.object({ profile: profileSchema }) }),
});

/**
 * Denies everything to sessions of the instance's role that started before now. It affects everyone who uses that role,
 * so it needs its own approval. Idempotent; a release deletes the policy.
 * Source: IAM user guide, "Revoking IAM role temporary security credentials".
 */
export const handler = step('revoke-sessions', input, async ({ incident }, tools) => {
  const { incidentId, instanceId, lease, environment } = incident;
  const profileArn = environment.profile.arn;
  await assertMayAct(incident, tools.config);
  await assertInTurn(incident, tools.config);
  await assertApproved(incident, { subject: 'revoke-sessions', instanceId, profileArn }, tools);
  await fence({ instanceId, incidentId, token: lease.token }, tools.clock.now(), tools.config);
  await assertItsProfile(incidentId, profileArn, tools.config);
  const RoleName = await readRole(profileArn);
  const PolicyName = revocationPolicyName(incidentId);
  const words = { what: `Revoking the sessions of the role ${RoleName}.`, revert: 'delete the inline policy' };
  await saveBefore(incidentId, 'sessions', { roleName: RoleName, policyName: PolicyName }, words, tools);
  const before = new Date(tools.clock.now().getTime() + spreadSeconds * 1000).toISOString();
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
      },
    ],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  return { roleName: RoleName };
});

/** The input may name any profile; the swap saved the instance's real one before changing it. */
async function assertItsProfile(incidentId: string, arn: string, config: Config): Promise<void> {
  const saved = beforeSchemas.profile.safeParse((await readEntry(incidentId, changeKey('profile'), config))?.before);
  if (saved.data?.arn === arn) return;
  throw new NotItsProfileError(`The record of ${incidentId} does not say that its instance had the profile ${arn}.`);
}

async function readRole(profileArn: string): Promise<string> {
  const InstanceProfileName = profileArn.split('/').at(-1)!;
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
  const role = InstanceProfile?.Roles?.[0]?.RoleName;
  if (!role) throw new NoRoleError(`The instance profile ${InstanceProfileName} has no role.`);
  return role;
}
