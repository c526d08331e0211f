import * as z from 'zod/mini';
import { assertMayAct } from '../guard/may-act';
import { step } from '../shared/step';
import { forgetPlace } from './block-store';
import { blockSchema } from './blocks';
import { assertExpired } from './expiry';
import { changeIpSet, ipSetOf, isRange } from './ip-set';

const input = z.object({ block: blockSchema });

/** Takes an expired block's range out of the WAF IP set, and nothing else. Idempotent. */
export const handler = step('remove-ip-set-entry', input, async ({ block }, { clock, config }) => {
  if (!block.ipSet) return { removed: false };
  await assertMayAct({ mode: config.MODE }, config);
  await assertExpired(block, clock.now(), config);
  const isOurs = isRange(block.cidr);
  await changeIpSet(ipSetOf(block.family), (addresses) =>
    addresses.some(isOurs) ? addresses.filter((address) => !isOurs(address)) : undefined,
  );
  await forgetPlace(block.cidr, 'ipSet', config);
  return { removed: true };
});
