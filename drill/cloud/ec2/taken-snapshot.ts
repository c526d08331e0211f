import type { LockState, SnapshotState } from '@aws-sdk/client-ec2';

export interface TakenSnapshot {
  id: string;
  volumeId: string;
  startedAt: number;
  doneAt: number;
  fails: boolean;
  encrypted: boolean;
  kmsKeyId: string | undefined;
  size: number;
  tags: Map<string, string>;
  /** When somebody deleted it into the Recycle Bin, and when it was recovered from there, epoch ms. */
  binnedAt?: number;
  recoveredAt?: number;
  lock?: Lock;
  /** Accounts that may create volumes from it. */
  sharedWith: Set<string>;
}

/** No document says how long a recovery takes; the state `recovering` does not last for ever. */
const recoveryMs = 60_000;

export function stateOf({ doneAt, fails, binnedAt, recoveredAt }: TakenSnapshot): SnapshotState {
  if (recoveredAt !== undefined && Date.now() < recoveredAt + recoveryMs) return 'recovering';
  if (binnedAt !== undefined && recoveredAt === undefined) return 'recoverable';
  if (Date.now() < doneAt) return 'pending';
  return fails ? 'error' : 'completed';
}

/** A lock on a snapshot: until when it cannot be deleted, and until when its mode can be changed. */
export interface Lock {
  mode: 'governance' | 'compliance';
  days: number;
  at: number;
  coolOffHours: number | undefined;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A duration begins once the snapshot is complete. Source: EBS user guide, "Considerations for Amazon EBS snapshot lock". */
export const endOfLock = ({ at, days }: Lock, { doneAt }: TakenSnapshot) => Math.max(at, doneAt) + days * dayMs;
const coolOffEnd = ({ at, coolOffHours = 0 }: Lock) => at + coolOffHours * hourMs;

/** A snapshot that fails loses the lock that it got while it was pending. Source: as above. */
export function lockStateOf(snapshot: TakenSnapshot): LockState | undefined {
  const { lock } = snapshot;
  if (!lock || stateOf(snapshot) === 'error') return undefined;
  if (Date.now() >= endOfLock(lock, snapshot)) return 'expired';
  if (lock.mode === 'governance') return 'governance';
  return Date.now() < coolOffEnd(lock) ? 'compliance-cooloff' : 'compliance';
}

/** Whether it cannot be deleted. */
export const isLocked = (snapshot: TakenSnapshot): boolean => ![undefined, 'expired'].includes(lockStateOf(snapshot));
