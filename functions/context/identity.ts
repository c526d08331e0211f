import { GetInstanceProfileCommand } from '@aws-sdk/client-iam';
import { profiles } from '../shared/clients/profiles';

/**
 * Whether the history of identity changes can be asked for: in AWS's commercial partition it is in us-east-1. For other
 * partitions no document names the region, so their identity changes are told as unknown.
 * Source: CloudTrail user guide, "Global service events"; SummitRoute/aws_breaking_changes#51.
 */
export const hasIdentityHistory = (profileArn: string): boolean => profileArn.startsWith('arn:aws:');

/** The names by which CloudTrail has changes of an instance's identity: its profile, and the role in it. */
export async function identitiesOf(profileArn: string): Promise<string[]> {
  const name = profileArn.split('/').at(-1)!;
  const { InstanceProfile } = await profiles.send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
  const roles = (InstanceProfile?.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []);
  return [...new Set([...roles, name])];
}
