import { DescribeLockedSnapshotsCommand, DescribeSnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import type { EvidenceSettings } from './evidence-settings';
import type { Secured } from './snapshots';

/** States of a lock in which a snapshot cannot be deleted. Source: EC2 API reference, LockSnapshot. */
const locking = ['governance', 'compliance', 'compliance-cooloff'];

/** Those of some snapshots that are locked now. */
export async function lockedAmong(SnapshotIds: readonly string[]): Promise<Set<string>> {
  if (SnapshotIds.length === 0) return new Set();
  const { Snapshots = [] } = await ec2.send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [...SnapshotIds] }));
  const locked = Snapshots.filter(({ LockState }) => locking.includes(LockState ?? ''));
  return new Set(locked.flatMap(({ SnapshotId }) => SnapshotId ?? []));
}

async function isShared(SnapshotId: string, accountId: string): Promise<boolean> {
  const Attribute = 'createVolumePermission' as const;
  const { CreateVolumePermissions = [] } = await ec2.send(
    new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute }),
  );
  return CreateVolumePermissions.some(({ UserId }) => UserId === accountId);
}

/** Reads from EC2 whether snapshots are locked and shared, as far as the stage wants it. */
export async function readSecured(ids: readonly string[], settings: EvidenceSettings): Promise<Secured> {
  const { lock, accountId } = settings;
  const missing: string[] = [];
  const notes: string[] = [];
  if (lock) {
    const locked = await lockedAmong(ids);
    missing.push(...ids.filter((id) => !locked.has(id)).map((id) => `lock of ${id}`));
    if (locked.size > 0) notes.push(`Snapshots are locked in ${lock.words}.`);
  }
  if (accountId) {
    const shared = await Promise.all(ids.map((id) => isShared(id, accountId)));
    missing.push(...ids.filter((_, n) => !shared[n]).map((id) => `${id} shared with account ${accountId}`));
    if (shared.includes(true))
      notes.push(
        `Snapshots are shared with account ${accountId}, and not copied yet: copy them there. If they are encrypted, the policy of their key has to let that account use it: AWS does not say so when it shares them.`,
      );
  }
  return { missing, notes };
}
