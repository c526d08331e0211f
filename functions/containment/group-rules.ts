import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';

/** EC2 does not show the requested change yet; EC2 is eventually consistent, so this is worth a few retries. */
export class NotVerifiedError extends PlaybookError {}

/** The two security groups of an isolation in one VPC. */
export const groupPairSchema = z.object({ vpcId: z.string(), openGroupId: z.string(), closedGroupId: z.string() });
export type GroupPair = z.output<typeof groupPairSchema>;

const all = (family: 'IPv4' | 'IPv6'): IpPermission =>
  family === 'IPv4'
    ? { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
    : { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] };

function allows(permissions: readonly IpPermission[], family: 'IPv4' | 'IPv6'): boolean {
  return permissions.some(({ IpProtocol, IpRanges, Ipv6Ranges }) => {
    if (IpProtocol !== '-1') return false;
    if (family === 'IPv4') return (IpRanges ?? []).some(({ CidrIp }) => CidrIp === '0.0.0.0/0');
    return (Ipv6Ranges ?? []).some(({ CidrIpv6 }) => CidrIpv6 === '::/0');
  });
}

/** The permissions still missing to allow all traffic, IPv4 and IPv6. */
export function missingForOpen(permissions: readonly IpPermission[] = []): IpPermission[] {
  return (['IPv4', 'IPv6'] as const).filter((family) => !allows(permissions, family)).map(all);
}

/**
 * Whether a group allows all traffic in both directions, IPv4 and IPv6. Flows under such rules are not tracked, so they
 * end with the rule that allows them (EC2 user guide, "Security group connection tracking", "Untracked connections").
 */
export function isOpen({ IpPermissions, IpPermissionsEgress }: SecurityGroup): boolean {
  return missingForOpen(IpPermissions).length === 0 && missingForOpen(IpPermissionsEgress).length === 0;
}

/** Whether a group has no rules. */
export function isClosed({ IpPermissions, IpPermissionsEgress }: SecurityGroup): boolean {
  return (IpPermissions ?? []).length === 0 && (IpPermissionsEgress ?? []).length === 0;
}
