import type {
  CreateSnapshotsCommandInput,
  CreateSnapshotsCommandOutput,
  DescribeSnapshotsCommandInput,
  DescribeSnapshotsCommandOutput,
  GetConsoleOutputCommandInput,
  GetConsoleOutputCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Environment, randomHex } from '../environment';
import { type CommandModel, changes, reads } from '../service';
import { applyFilters, page } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';
import { tagsView } from './views';

interface TakenSnapshot {
  id: string;
  volumeId: string;
  doneAt: number;
  fails: boolean;
  tags: Map<string, string>;
}

/** Snapshots take a minute or two; those of volumes in `failing` end in error. */
export class Snapshots {
  readonly taken: TakenSnapshot[] = [];
  readonly failing = new Set<string>();

  constructor(private readonly environment: Pick<Environment, 'random'>) {}

  take(instance: Ec2Instance, tags: Map<string, string>): TakenSnapshot[] {
    const { random } = this.environment;
    const made = instance.volumes.map(({ volumeId }) => ({
      id: `snap-${randomHex(random, 17)}`,
      volumeId,
      doneAt: Date.now() + 45_000 + random() * 90_000,
      fails: this.failing.has(volumeId),
      tags,
    }));
    this.taken.push(...made);
    return made;
  }
}

function stateOf({ doneAt, fails }: TakenSnapshot): 'pending' | 'completed' | 'error' {
  if (Date.now() < doneAt) return 'pending';
  return fails ? 'error' : 'completed';
}

/** Commands on snapshots, and the console. Source: EC2 API reference. */
export function snapshotCommands(snapshots: Snapshots, fleet: Fleet): Record<string, CommandModel> {
  return {
    CreateSnapshots: changes<CreateSnapshotsCommandInput, CreateSnapshotsCommandOutput>((input, call) => {
      const [instance] = fleet.require([input.InstanceSpecification?.InstanceId ?? '']) as [Ec2Instance];
      const tags = new Map((input.TagSpecifications?.[0]?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
      const made = snapshots.take(instance, tags);
      call.change(...made.map(({ id }) => id));
      return { Snapshots: made.map(({ id, volumeId }) => ({ SnapshotId: id, VolumeId: volumeId, State: 'pending' })) };
    }),
    DescribeSnapshots: reads<DescribeSnapshotsCommandInput, DescribeSnapshotsCommandOutput>((input) => {
      const found = applyFilters(snapshots.taken, input.Filters, { 'volume-id': ({ volumeId }) => [volumeId] });
      const { items, nextToken } = page(found, input.MaxResults, input.NextToken);
      const Snapshots = items.map((one) => ({
        SnapshotId: one.id,
        VolumeId: one.volumeId,
        State: stateOf(one),
        Tags: tagsView(one.tags),
      }));
      return { Snapshots, ...(nextToken && { NextToken: nextToken }) };
    }),
    GetConsoleOutput: reads<GetConsoleOutputCommandInput, GetConsoleOutputCommandOutput>(({ InstanceId = '' }) => {
      fleet.require([InstanceId]);
      return { InstanceId, Output: Buffer.from('login: ').toString('base64'), Timestamp: new Date(Date.now()) };
    }),
  };
}
