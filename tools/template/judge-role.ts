import type { Actor } from './actors';
import { findUnconditional } from './conditions';
import { type GuardTags, legitimate } from './contexts';
import { findNotRefused } from './denials';
import { findForbidden } from './forbidden';
import { findForeign } from './foreign';
import { compare, type Finding, requestsOf } from './least-privilege';
import { findPartitions } from './partitions';
import type { Role, Stack } from './roles';

/**
 * Everything that is wrong with the rights of one role: too little, too much, on too many conditions or too few.
 * @param users everybody who acts under the role
 */
export async function judgeRole(role: Role, users: Actor[], stack: Stack, tags: GuardTags): Promise<Finding[]> {
  const contextOf = legitimate(tags);
  const calls = users.flatMap((user) => user.calls);
  const requests = (await Promise.all(calls.map((call) => requestsOf(call, stack, contextOf)))).flat(2);
  return [
    ...(await compare(role, users, stack, contextOf)),
    ...(await findUnconditional(role, requests, tags)),
    ...(await findForeign(role, users, stack, contextOf)),
    ...(await findNotRefused(role, requests, stack, tags)),
    ...(await findForbidden(role, tags)),
    ...(await findPartitions(role, requests)),
  ];
}
