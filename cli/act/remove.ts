import { DeleteAlarmsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import {
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  type Instance,
  ModifyInstanceAttributeCommand,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { paginateListExecutions, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { incidentTag, instanceTag } from '../../functions/containment/saved';
import { type Clock, until } from '../smoke/until';
import type { ActClients } from './frame';
import { executionsOf, type Run, smokeTag, tagOf } from './names';

export interface Cleaning extends Run {
  clients: ActClients;
  /** Not ended by Ctrl-C: what was made is removed. */
  clock: Clock;
  machines: readonly string[];
  /** Instances of the run that EC2 may no longer show. */
  known?: readonly string[];
  /** Whether an instance was asked for whose ID is not known: EC2 may not show it yet. */
  mayAppear?: boolean;
}

const terminateMs = 900_000;
const appearMs = 60_000;
/** What is used by something that goes takes a moment longer. */
const freeMs = 120_000;

export async function stopExecutions({ clients: { sfn }, machines, ...run }: Cleaning): Promise<string[]> {
  const stopped: string[] = [];
  for (const stateMachineArn of machines)
    for await (const { executions = [] } of paginateListExecutions(
      { client: sfn },
      { stateMachineArn, statusFilter: 'RUNNING' },
    ))
      for (const { name = '', executionArn } of executions) {
        if (!name.startsWith(executionsOf(run))) continue;
        await sfn.send(new StopExecutionCommand({ executionArn, cause: 'The smoke test that started it has ended.' }));
        stopped.push(name);
      }
  return stopped;
}

export async function findInstances({
  clients: { ec2 },
  clock,
  known = [],
  mayAppear,
  ...run
}: Cleaning): Promise<Instance[]> {
  const look = async () => {
    const found: Instance[] = [];
    const Filters = [{ Name: `tag:${smokeTag}`, Values: [tagOf(run)] }];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }))
      found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
    return found;
  };
  // EC2 shows a new instance with a delay. Source: EC2 API reference, "Eventual consistency".
  const isAwaited = mayAppear || (run.runId !== undefined && known.length > 0);
  const found = await until(clock, isAwaited ? appearMs : 0, async () => {
    const seen = await look();
    return seen.length > 0 || !isAwaited ? seen : undefined;
  });
  return found ?? [];
}

/** One at a time: EC2 refuses a whole call when one of its instances is protected. */
export async function terminate({ clients: { ec2 }, clock }: Cleaning, InstanceId: string): Promise<void> {
  // An isolation protects it against termination.
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: false } }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  const isGone = await until(clock, terminateMs, async () => {
    for await (const { Reservations = [] } of paginateDescribeInstances(
      { client: ec2 },
      { Filters: [{ Name: 'instance-id', Values: [InstanceId] }] },
    ))
      for (const { State } of Reservations.flatMap(({ Instances = [] }) => Instances))
        if (State?.Name !== 'terminated') return undefined;
    return true;
  });
  if (!isGone) throw new Error(`${InstanceId} is still terminating`);
}

/** An isolation keeps volumes on termination. */
export async function deleteVolumes({ clients: { ec2 }, clock, ...run }: Cleaning): Promise<string[]> {
  const deleted: string[] = [];
  const Filters = [{ Name: `tag:${smokeTag}`, Values: [tagOf(run)] }];
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client: ec2 }, { Filters }))
    for (const { VolumeId = '' } of Volumes) {
      await unlessGone(
        'InvalidVolume.NotFound',
        whenFree('VolumeInUse', clock, () => ec2.send(new DeleteVolumeCommand({ VolumeId }))),
      );
      deleted.push(VolumeId);
    }
  return deleted;
}

export async function findSnapshots({ clients: { ec2 } }: Cleaning, ids: readonly string[]): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  if (ids.length === 0) return found;
  const input = { OwnerIds: ['self'], Filters: [{ Name: `tag:${instanceTag}`, Values: [...ids] }] };
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client: ec2 }, input)) found.push(...Snapshots);
  return found;
}

export async function deleteSnapshots(
  { clients: { ec2 } }: Cleaning,
  snapshots: readonly Snapshot[],
): Promise<string[]> {
  const deleted: string[] = [];
  for (const { SnapshotId = '' } of snapshots) {
    await unlessGone('InvalidSnapshot.NotFound', ec2.send(new DeleteSnapshotCommand({ SnapshotId })));
    deleted.push(SnapshotId);
  }
  return deleted;
}

export async function deleteGroups(
  { clients: { ec2 }, clock }: Cleaning,
  incidents: readonly string[],
): Promise<string[]> {
  const deleted: string[] = [];
  if (incidents.length === 0) return deleted;
  const Filters = [{ Name: `tag:${incidentTag}`, Values: [...new Set(incidents)] }];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters }))
    for (const { GroupId = '' } of SecurityGroups) {
      await unlessGone(
        'InvalidGroup.NotFound',
        whenFree('DependencyViolation', clock, () => ec2.send(new DeleteSecurityGroupCommand({ GroupId }))),
      );
      deleted.push(GroupId);
    }
  return deleted;
}

/** Enrolment deletes them as well, when it hears of the termination. */
export async function deleteAlarms(
  { clients: { cloudWatch }, stage }: Cleaning,
  ids: readonly string[],
): Promise<string[]> {
  const deleted: string[] = [];
  if (ids.length === 0) return deleted;
  for (const playbook of ['restart-instance', 'isolate-instance'])
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
      { client: cloudWatch },
      { AlarmNamePrefix: `${playbook}-${stage}-` },
    ))
      deleted.push(
        ...MetricAlarms.map(({ AlarmName = '' }) => AlarmName).filter((name) => ids.some((id) => name.endsWith(id))),
      );
  if (deleted.length > 0) await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: deleted }));
  return deleted;
}

async function unlessGone(gone: string, call: Promise<unknown>): Promise<void> {
  await call.catch((error: Error) => {
    if (error.name !== gone) throw error;
  });
}

/** Tries again while something that goes still uses it. @throws what AWS said last */
async function whenFree(inUse: string, clock: Clock, call: () => Promise<unknown>): Promise<void> {
  let last: unknown;
  const isDone = await until(clock, freeMs, async () => {
    try {
      await call();
      return true;
    } catch (error) {
      if ((error as Error).name !== inUse) throw error;
      last = error;
      return undefined;
    }
  });
  if (!isDone) throw last;
}
