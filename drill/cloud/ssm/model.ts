import type {
  DescribeInstanceInformationCommandInput,
  DescribeInstancePatchStatesCommandInput,
  GetCommandInvocationCommandInput,
  SendCommandCommandInput,
} from '@aws-sdk/client-ssm';
import { type Environment, randomUuid } from '../environment';
import { serviceError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

/** A managed node: how its patches stand and how long a command takes on it. */
export interface ManagedNode {
  missing: number;
  installed: number;
  failed: number;
  pendingReboot: number;
  operationEndTime?: Date;
  /** Minutes that a command takes; Infinity for one that never ends. */
  minutes: number;
  pingStatus: 'Online' | 'ConnectionLost';
  /** How a command ends. */
  ends: 'Success' | 'Failed';
}

interface SentCommand {
  id: string;
  instanceId: string;
  comment: string;
  endsAt: number;
  operation: string;
  reboot: string;
  applied: boolean;
}

/** Simulated Systems Manager: managed nodes, Run Command with AWS-RunPatchBaseline, patch states. Source: its API reference. */
export class SsmModel implements ServiceModel {
  readonly service = 'ssm';
  private readonly nodes = new Map<string, ManagedNode>();
  private readonly sent: SentCommand[] = [];

  constructor(private readonly environment: Pick<Environment, 'random'>) {}

  /** Makes an instance a managed node. */
  manage(instanceId: string, node: Partial<ManagedNode> = {}): void {
    const usual = { missing: 3, installed: 120, failed: 0, pendingReboot: 0, minutes: 6 };
    this.nodes.set(instanceId, { ...usual, pingStatus: 'Online', ends: 'Success', ...node });
  }

  readonly commands: ServiceModel['commands'] = {
    DescribeInstanceInformation: reads<DescribeInstanceInformationCommandInput, object>(({ Filters }) => ({
      InstanceInformationList: (Filters?.[0]?.Values ?? []).flatMap((InstanceId) => {
        const node = this.nodes.get(InstanceId);
        return node ? [{ InstanceId, PingStatus: node.pingStatus }] : [];
      }),
    })),
    DescribeInstancePatchStates: reads<DescribeInstancePatchStatesCommandInput, object>(({ InstanceIds }) => {
      this.settle();
      const states = (InstanceIds ?? []).flatMap((InstanceId) => {
        const node = this.nodes.get(InstanceId);
        if (!node?.operationEndTime) return [];
        const { installed, missing, failed, pendingReboot, operationEndTime } = node;
        const counts = { InstalledCount: installed, MissingCount: missing, FailedCount: failed };
        return [
          { InstanceId, ...counts, InstalledPendingRebootCount: pendingReboot, OperationEndTime: operationEndTime },
        ];
      });
      return { InstancePatchStates: states };
    }),
    SendCommand: changes<SendCommandCommandInput, object>((input, call) => {
      const instanceId = input.InstanceIds?.[0] ?? '';
      const node = this.nodes.get(instanceId);
      if (!node) throw serviceError('ssm', 'InvalidInstanceId', 'Instances not in a valid state for account');
      const [operation = ''] = input.Parameters?.Operation ?? [];
      const [reboot = ''] = input.Parameters?.RebootOption ?? [];
      const endsAt = Date.now() + node.minutes * 60_000;
      const id = randomUuid(this.environment.random);
      this.sent.push({ id, instanceId, comment: input.Comment ?? '', endsAt, operation, reboot, applied: false });
      call.change(instanceId);
      return { Command: { CommandId: id, Status: 'Pending' } };
    }),
    ListCommands: reads<object, object>(() => ({
      Commands: this.sent.map(({ id, comment }) => ({ CommandId: id, Comment: comment })),
    })),
    GetCommandInvocation: reads<GetCommandInvocationCommandInput, object>(({ CommandId }) => {
      this.settle();
      const found = this.sent.find(({ id }) => id === CommandId);
      if (!found) throw serviceError('ssm', 'InvocationDoesNotExist', 'The invocation does not exist.');
      const isOver = Date.now() >= found.endsAt;
      return { CommandId, Status: isOver ? this.nodes.get(found.instanceId)!.ends : 'InProgress' };
    }),
  };

  /** Lets commands that are over have their effect. */
  private settle(): void {
    for (const command of this.sent) {
      const node = this.nodes.get(command.instanceId)!;
      if (command.applied || Date.now() < command.endsAt) continue;
      command.applied = true;
      if (node.ends !== 'Success') continue;
      node.operationEndTime = new Date(command.endsAt);
      if (command.operation !== 'Install') continue;
      if (command.reboot === 'NoReboot') node.pendingReboot += node.missing;
      node.installed += node.missing;
      node.missing = 0;
    }
  }
}
