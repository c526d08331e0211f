import type {
  CreateSnapshotsCommandInput,
  CreateSnapshotsCommandOutput,
  DescribeSnapshotsCommandInput,
  DescribeSnapshotsCommandOutput,
} from '@aws-sdk/client-ec2';
import { drawMilliseconds, type Environment, randomHex } from '../environment';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import type { Consistency } from './consistency';
import { applyFilters, page } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance, Volume } from './instance';
import { isLocked, stateOf, type TakenSnapshot } from './taken-snapshot';
import { tagsView } from './views';

/** Snapshots that a volume may have under way. Source: EBS user guide, "Quotas for Amazon EBS", by volume type. */
const pendingAVolume = ({ volumeType }: Pick<Volume, 'volumeType'>): number =>
  volumeType === 'st1' || volumeType === 'sc1' ? 1 : 5;

/** Snapshots take a minute or two unless a drill says otherwise; one volume in `failing` puts the whole set into error. */
export class Snapshots {
  readonly taken: TakenSnapshot[] = [];
  readonly failing = new Set<string>();
  /** Seconds that they take, from and to; large ones take hours. Source: EBS user guide, "Create Amazon EBS snapshots". */
  seconds: readonly [number, number] = [45, 135];

  constructor(
    private readonly environment: Pick<Environment, 'random'>,
    readonly consistency: Consistency,
  ) {}

  /** @throws ConcurrentSnapshotLimitExceeded */
  take(instance: Ec2Instance, tags: ReadonlyMap<string, string>): TakenSnapshot[] {
    const { random } = this.environment;
    const now = Date.now();
    const busy = instance.volumes.find((volume) => this.underWay(volume, instance, now) >= pendingAVolume(volume));
    if (busy)
      throw serviceError(
        'ec2',
        'ConcurrentSnapshotLimitExceeded',
        `Maximum allowed in-progress snapshots for ${busy.volumeId} exceeded.`,
      );
    // Source: EBS user guide, "Create multi-volume snapshots": one that fails puts all of the set into the error state.
    const fails = instance.volumes.some(({ volumeId }) => this.failing.has(volumeId));
    const made = instance.volumes.map(({ volumeId, encrypted, kmsKeyId, size }) => ({
      id: `snap-${randomHex(random, 17)}`,
      volumeId,
      startedAt: now,
      doneAt: now + drawMilliseconds(random, this.seconds),
      fails,
      encrypted: encrypted || kmsKeyId !== undefined,
      kmsKeyId,
      size,
      tags: new Map(tags),
      sharedWith: new Set<string>(),
    }));
    this.taken.push(...made);
    return made;
  }

  /** Those of a volume that are not done, also one that somebody else had begun when the drill began. */
  private underWay({ volumeId, othersSnapshotSeconds }: Volume, { createdAt }: Ec2Instance, now: number): number {
    const own = this.taken.filter((one) => one.volumeId === volumeId && now < one.doneAt).length;
    return own + (now < createdAt + othersSnapshotSeconds * 1000 ? 1 : 0);
  }

  /**
   * Somebody deletes a snapshot. Where a retention rule matches, it stays in the Recycle Bin, as `recoverable`.
   * Source: EBS user guide, "Recycle Bin"; EC2 API reference, SnapshotState.
   */
  deleteByOthers(id: string, { recycleBin }: { recycleBin: boolean }): void {
    const found = this.taken.find((one) => one.id === id);
    // A locked one nobody deletes. Source: EBS user guide, "Amazon EBS snapshot lock".
    if (!found || isLocked(found)) return;
    if (recycleBin) found.binnedAt = Date.now();
    else this.taken.splice(this.taken.indexOf(found), 1);
  }

  /** Somebody recovers it from the Recycle Bin, as RestoreSnapshotFromRecycleBin does. */
  recoverByOthers(id: string): void {
    const found = this.taken.find((one) => one.id === id);
    if (found?.binnedAt !== undefined) found.recoveredAt = Date.now();
  }

  /** Those that a listing by tag shows by now: a new one is not found at once. Source: "Eventual consistency". */
  listed(): TakenSnapshot[] {
    return this.taken.filter(({ id, startedAt }) => this.consistency.isSeen(id, startedAt));
  }

  /** @throws InvalidSnapshot.NotFound */
  require(id: string): TakenSnapshot {
    const found = this.listed().find((one) => one.id === id);
    if (found) return found;
    throw serviceError('ec2', 'InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
  }
}

/** Commands on snapshots. Source: EC2 API reference. */
export function snapshotCommands(
  snapshots: Snapshots,
  fleet: Fleet,
  environment: Pick<Environment, 'account'>,
): Record<string, CommandModel> {
  const owner = environment.account;
  const view = (one: TakenSnapshot) => ({
    SnapshotId: one.id,
    VolumeId: one.volumeId,
    VolumeSize: one.size,
    State: stateOf(one),
    StartTime: new Date(one.startedAt),
    OwnerId: owner,
    Encrypted: one.encrypted,
    ...(one.kmsKeyId && { KmsKeyId: one.kmsKeyId }),
    Tags: tagsView(one.tags),
  });
  return {
    CreateSnapshots: changes<CreateSnapshotsCommandInput, CreateSnapshotsCommandOutput>((input, call) => {
      const [instance] = fleet.require([input.InstanceSpecification?.InstanceId ?? '']) as [Ec2Instance];
      const tags = new Map((input.TagSpecifications?.[0]?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
      const made = snapshots.take(instance, tags);
      call.change(...made.map(({ id }) => id));
      return { Snapshots: made.map((one) => ({ ...view(one), State: 'pending' })) };
    }),
    DescribeSnapshots: reads<DescribeSnapshotsCommandInput, DescribeSnapshotsCommandOutput>((input) => {
      const { OwnerIds, SnapshotIds } = input;
      // All of them belong to this account; public ones and those of others are not modelled.
      const isOwn = !OwnerIds?.length || OwnerIds.some((id) => id === 'self' || id === owner);
      const named = SnapshotIds?.length ? SnapshotIds.map((id) => snapshots.require(id)) : snapshots.listed();
      const found = applyFilters(isOwn ? named : [], input.Filters, {
        'volume-id': ({ volumeId }) => [volumeId],
        'snapshot-id': ({ id }) => [id],
        status: (one) => [stateOf(one)],
        encrypted: ({ encrypted }) => [String(encrypted)],
      });
      const { items, nextToken } = page(found, input, SnapshotIds);
      return { Snapshots: items.map(view), ...(nextToken && { NextToken: nextToken }) };
    }),
  };
}
