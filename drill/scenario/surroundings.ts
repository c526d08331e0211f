import type { Stack } from '../stack/stack';
import type { Scenario } from './schema';

/** Puts into the account what the scenario says there is besides instances. */
export function surround({ account }: Pick<Scenario, 'account'>, { cloud, instanceIds }: Stack): void {
  for (const arn of account.targetGroups) cloud.loadBalancing.put(arn, instanceIds[0]!);
  if (!account.managed) return;
  for (const id of instanceIds) cloud.ssm.manage(id, { missing: account.missingPatches });
}
