import type {
  DescribeLockedSnapshotsCommandInput,
  DescribeLockedSnapshotsCommandOutput,
  LockSnapshotCommandInput,
  LockSnapshotCommandOutput,
  LockState,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { type Snapshots, stateOf, type TakenSnapshot } from './snapshots';

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
const endOf = ({ at, days }: Lock, { doneAt }: TakenSnapshot) => Math.max(at, doneAt) + days * dayMs;
const coolOffEnd = ({ at, coolOffHours = 0 }: Lock) => at + coolOffHours * hourMs;

/** A snapshot that fails loses the lock that it got while it was pending. Source: as above. */
export function lockStateOf(snapshot: TakenSnapshot): LockState | undefined {
  const { lock } = snapshot;
  if (!lock || stateOf(snapshot) === 'error') return undefined;
  if (Date.now() >= endOf(lock, snapshot)) return 'expired';
  if (lock.mode === 'governance') return 'governance';
  return Date.now() < coolOffEnd(lock) ? 'compliance-cooloff' : 'compliance';
}

/** Whether it cannot be deleted. */
export const isLocked = (snapshot: TakenSnapshot): boolean => ![undefined, 'expired'].includes(lockStateOf(snapshot));

const invalid = (message: string) => serviceError('ec2', 'InvalidParameterValue', message);

/**
 * What LockSnapshot refuses. Source: EC2 API reference, LockSnapshot (modes, 1 to 36,500 days, cooling-off of 1 to 72 hours for
 * compliance alone, what may be changed later); EBS user guide, "Considerations for Amazon EBS snapshot lock" (pending or
 * completed). Neither names the codes: those here are the common ones of EC2.
 */
function checkLock(input: LockSnapshotCommandInput, snapshot: TakenSnapshot): Lock {
  const { LockMode: mode, LockDuration: days, ExpirationDate, CoolOffPeriod: coolOffHours } = input;
  if (mode !== 'governance' && mode !== 'compliance') throw invalid(`The lock mode ${mode} is not valid.`);
  if ((days === undefined) === (ExpirationDate === undefined))
    throw serviceError('ec2', 'InvalidParameterCombination', 'Specify either LockDuration or ExpirationDate.');
  if (days === undefined) throw new Error('The simulated EC2 locks snapshots for a duration, not until a date.');
  if (!Number.isInteger(days) || days < 1 || days > 36_500) throw invalid(`The lock duration ${days} is not valid.`);
  if (coolOffHours !== undefined && mode === 'governance')
    throw serviceError('ec2', 'InvalidParameterCombination', 'Governance mode has no cooling-off period.');
  if (coolOffHours !== undefined && (coolOffHours < 1 || coolOffHours > 72))
    throw invalid(`The cooling-off period ${coolOffHours} is not valid.`);
  if (stateOf(snapshot) === 'error')
    throw serviceError('ec2', 'IncorrectState', `The snapshot '${snapshot.id}' is neither pending nor completed.`);
  const { lock } = snapshot;
  if (lock && lockStateOf(snapshot) === 'compliance' && (mode !== 'compliance' || days < lock.days || coolOffHours))
    throw serviceError('ec2', 'OperationNotPermitted', `The lock of '${snapshot.id}' can only be extended.`);
  return { mode, days, at: Date.now(), coolOffHours };
}

/** Commands on the locks of snapshots. */
export function snapshotLockCommands(snapshots: Snapshots): Record<string, CommandModel> {
  const view = (one: TakenSnapshot) => ({
    SnapshotId: one.id,
    LockState: lockStateOf(one),
    LockDuration: one.lock?.days,
    ...(one.lock?.coolOffHours && { CoolOffPeriod: one.lock.coolOffHours }),
    ...(one.lock && { LockCreatedOn: new Date(one.lock.at), LockExpiresOn: new Date(endOf(one.lock, one)) }),
  });
  return {
    LockSnapshot: changes<LockSnapshotCommandInput, LockSnapshotCommandOutput>((input, call) => {
      const snapshot = snapshots.require(input.SnapshotId ?? '');
      snapshot.lock = checkLock(input, snapshot);
      call.change(snapshot.id);
      return view(snapshot);
    }),
    DescribeLockedSnapshots: reads<DescribeLockedSnapshotsCommandInput, DescribeLockedSnapshotsCommandOutput>(
      (input) => {
        const named = (input.SnapshotIds ?? []).map((id) => snapshots.require(id));
        const all = named.length > 0 ? named : snapshots.listed();
        return { Snapshots: all.filter((one) => lockStateOf(one) !== undefined).map(view) };
      },
    ),
  };
}
