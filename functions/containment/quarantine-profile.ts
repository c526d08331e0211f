import { spokeQuarantineName } from '../place/capabilities';
import { currentStay } from '../place/in-place';
import { partitionOf } from '../place/partition';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

const environment = z.object({ QUARANTINE_PROFILE_ARN: z.string().check(z.startsWith('arn:')) });

/**
 * The ARN of the instance profile whose role allows nothing, in the account of the running step: EC2 gives an instance only
 * a profile of its own account.
 * @throws InvalidInputError when the variable is missing or no ARN
 */
export function quarantineProfileArn({ STAGE }: Pick<Config, 'STAGE'>): string {
  const stay = currentStay();
  if (!stay) return parseWith(environment, process.env, 'environment').QUARANTINE_PROFILE_ARN;
  const { account, region } = stay.place;
  return `arn:${partitionOf(region).name}:iam::${account}:instance-profile/${spokeQuarantineName(STAGE)}`;
}
