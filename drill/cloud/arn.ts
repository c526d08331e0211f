import { partition } from '@aws-sdk/core/client';

/** Whose resource it is, and in which region. */
interface Place {
  account: string;
  region: string;
}

/** Services whose ARNs name no region. Source: IAM user guide, "Amazon Resource Names (ARNs)". */
const withoutRegion = ['iam', 'sts'];

/**
 * The ARN of a resource, in the partition of the place's region.
 * @param resource what follows the account: `instance/i-…`, `alarm:name`
 */
export function arnOf({ account, region }: Place, service: string, resource: string): string {
  const { name } = partition(region);
  return `arn:${name}:${service}:${withoutRegion.includes(service) ? '' : region}:${account}:${resource}`;
}
