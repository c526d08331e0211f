import type {
  DescribeLockedSnapshotsCommandInput,
  DescribeLockedSnapshotsCommandOutput,
  LockSnapshotCommandInput,
  LockSnapshotCommandOutput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import type { Snapshots } from './snapshots';
import { endOfLock, type Lock, lockStateOf, stateOf, type TakenSnapshot } from './taken-snapshot';

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
    ...(one.lock && { LockCreatedOn: new Date(one.lock.at), LockExpiresOn: new Date(endOfLock(one.lock, one)) }),
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
