import { quarantineTag } from '../guard/tags';
import { type Environment, isAs } from './environment';
import { type Before, beforeSchemas, type Kind } from './saved';

/** A state saved before a change. */
export interface Saved {
  kind: Kind;
  id: string;
  before: unknown;
}

type Check<K extends Kind> = (before: Before<K>, after: Environment, isolatedBy: string) => boolean;

/** Whether the instance matches what was saved. Groups, service and sessions are verified by the steps that restore them. */
const checks: { [K in Kind]?: Check<K> } = {
  tag: ({ value }, { instance }) => instance.tags[quarantineTag] === value,
  'termination-protection': ({ enabled }, { terminationProtected }) => terminationProtected === enabled,
  volumes: ({ volumes }, after) =>
    volumes.every((one) =>
      after.volumes.some((now) => now.volumeId === one.volumeId && now.deleteOnTermination === one.deleteOnTermination),
    ),
  interface: ({ networkInterfaceId, groupIds }, after) => {
    const now = after.interfaces.find((one) => one.networkInterfaceId === networkInterfaceId);
    return now !== undefined && JSON.stringify(now.groupIds) === JSON.stringify(groupIds);
  },
  address: ({ allocationId, networkInterfaceId, privateIp }, after) =>
    after.addresses.some(
      (now) =>
        now.allocationId === allocationId &&
        now.networkInterfaceId === networkInterfaceId &&
        now.privateIp === privateIp,
    ),
  profile: ({ arn }, { profile }) => profile?.arn === arn,
  metadata: ({ isApplied: _isApplied, ...before }, { metadata }) => metadata !== undefined && isAs(metadata, before),
};

/** What does not match the saved state, in words. Pure. */
export function differences(saved: readonly Saved[], after: Environment, isolatedBy: string): string[] {
  return saved.flatMap(({ kind, id, before }) => {
    const check = checks[kind] as Check<Kind> | undefined;
    const parsed = beforeSchemas[kind].safeParse(before);
    const isBack = parsed.success && (!check || check(parsed.data as Before<Kind>, after, isolatedBy));
    return isBack ? [] : [id ? `${kind} ${id}` : kind];
  });
}
