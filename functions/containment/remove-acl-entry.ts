import * as z from 'zod/mini';
import { assertMayAct } from '../guard/may-act';
import { step } from '../shared/step';
import { forgetPlace } from './block-store';
import { blockSchema } from './blocks';
import { assertExpired } from './expiry';
import { deleteDeny } from './network-acl';

const input = z.object({ block: blockSchema });

/** Deletes the deny entries of an expired block, if they are still the playbook's own. Idempotent. */
export const handler = step('remove-acl-entry', input, async ({ block }, { clock, config }) => {
  if (!block.acl) return { removed: 0 };
  await assertMayAct({ mode: config.MODE }, config);
  await assertExpired(block, clock.now(), config);
  const removed = await deleteDeny(block.acl.networkAclId, block.acl.ruleNumber, block.cidr);
  await forgetPlace(block.cidr, 'acl', config);
  return { removed };
});
