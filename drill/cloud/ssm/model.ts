import type {
  DescribeInstanceInformationCommandInput,
  DescribeInstancePatchStatesCommandInput,
  GetCommandInvocationCommandInput,
  ListCommandInvocationsCommandInput,
  ListCommandsCommandInput,
  SendCommandCommandInput,
} from '@aws-sdk/client-ssm';
import { slice } from '../ec2/filters';
import type { Ec2Model } from '../ec2/model';
import { type Environment, randomUuid } from '../environment';
import { serviceError, UnmodelledInputError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';
import { onlyKey, valuesOf } from './filters';
import { openSession, type Sessions, sessionCommands } from './sessions';

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
  document: string;
  comment: string;
  sentAt: number;
  endsAt: number;
  operation: string;
  reboot: string;
  applied: boolean;
  parameters?: Record<string, string[]>;
}

/** A document's steps; the ones that do not run on a platform count too. Source: Systems Manager console, "AWS-RunPatchBaseline". */
const plugins: Readonly<Record<string, readonly string[]>> = {
  'AWS-RunPatchBaseline': ['PatchWindows', 'PatchLinux', 'PatchMacOS'],
};

/** How long a step of AWS-RunPatchBaseline may run before Systems Manager gives it up, in milliseconds; same source. */
const longestRunMs = 7_200_000;

/** Commands and invocations are listed a moment after SendCommand answered; the waiter CommandExecuted looks for 100 s. */
const listedAfterMs = 4_000;

/** What ListCommands and ListCommandInvocations answer at most in a page. Source: their API reference. */
const pageSize = 50;

type Instances = Pick<Ec2Model, 'find' | 'lifecycle'>;

/** Simulated Systems Manager: managed nodes, Run Command with AWS-RunPatchBaseline, patch states. Source: its API reference. */
export class SsmModel implements ServiceModel {
  readonly service = 'ssm';
  private readonly nodes = new Map<string, ManagedNode>();
  private readonly sent: SentCommand[] = [];
  /** Open and ended sessions, by ID. */
  readonly sessions: Sessions = new Map();

  constructor(
    private readonly environment: Pick<Environment, 'random'>,
    private readonly ec2: Instances,
  ) {}

  /** Makes an instance a managed node. */
  manage(instanceId: string, node: Partial<ManagedNode> = {}): void {
    const usual = { missing: 3, installed: 120, failed: 0, pendingReboot: 0, minutes: 6 };
    this.nodes.set(instanceId, { ...usual, pingStatus: 'Online', ends: 'Success', ...node });
  }

  /** Somebody else's command, at an instant that may lie ahead. */
  plant(command: { instanceId: string; at: number; document: string; parameters: Record<string, string[]> }): void {
    const { instanceId, at, document, parameters } = command;
    const id = randomUuid(this.environment.random);
    const done = { endsAt: at, operation: '', reboot: '', applied: true, comment: '' };
    this.sent.push({ id, instanceId, document, sentAt: at, parameters, ...done });
  }

  /** Somebody opens a session on an instance. @returns its ID */
  openSession(target: string, owner?: string): string {
    return openSession(this.sessions, target, owner);
  }

  readonly commands: ServiceModel['commands'] = {
    ...sessionCommands(this.sessions),
    DescribeInstanceInformation: reads<DescribeInstanceInformationCommandInput, object>((input) => {
      const { Filters, MaxResults, NextToken } = input;
      const asked = Filters?.length ? onlyKey(Filters, 'InstanceIds') : [...this.nodes.keys()];
      const found = asked.flatMap((InstanceId) => {
        // A node that is stopped is not listed.
        const node = this.isRunning(InstanceId) ? this.nodes.get(InstanceId) : undefined;
        return node ? [{ InstanceId, PingStatus: node.pingStatus }] : [];
      });
      const { items, nextToken } = slice(found, Math.min(MaxResults ?? pageSize, pageSize), NextToken);
      return { InstanceInformationList: items, ...(nextToken && { NextToken: nextToken }) };
    }),
    DescribeInstancePatchStates: reads<DescribeInstancePatchStatesCommandInput, object>(({ InstanceIds }) => {
      // Source: Systems Manager API reference, DescribeInstancePatchStates, InstanceIds.
      if ((InstanceIds?.length ?? 0) > pageSize)
        throw serviceError('ssm', 'ValidationException', 'At most 50 instance IDs can be given.');
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
      const document = input.DocumentName ?? '';
      if (!plugins[document]) throw serviceError('ssm', 'InvalidDocument', 'Document does not exist.');
      if ((input.Comment?.length ?? 0) > 100)
        throw serviceError('ssm', 'ValidationException', 'Comment must have length less than or equal to 100');
      const node = this.nodes.get(instanceId);
      // Sent to a node that does not answer, or to an instance that is not running. Source: SendCommand, "Errors".
      if (node?.pingStatus !== 'Online' || !this.isRunning(instanceId))
        throw serviceError('ssm', 'InvalidInstanceId', 'Instances not in a valid state for account');
      const [operation = ''] = input.Parameters?.Operation ?? [];
      const [reboot = ''] = input.Parameters?.RebootOption ?? [];
      const sentAt = Date.now();
      const endsAt = sentAt + node.minutes * 60_000;
      const id = randomUuid(this.environment.random);
      const comment = input.Comment ?? '';
      this.sent.push({ id, instanceId, document, comment, sentAt, endsAt, operation, reboot, applied: false });
      call.change(instanceId);
      return { Command: { CommandId: id, Status: 'Pending' } };
    }),
    ListCommands: reads<ListCommandsCommandInput, object>(({ InstanceId, Filters, MaxResults, NextToken }) => {
      const documents = valuesOf(Filters, 'DocumentName');
      // Source: Systems Manager API reference, CommandFilter, InvokedAfter.
      const [after] = valuesOf(Filters, 'InvokedAfter') ?? [];
      if (after !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(after))
        throw serviceError('ssm', 'InvalidFilterKey', 'InvokedAfter must be a timestamp such as 2021-07-07T00:00:00Z.');
      const found = this.listed().filter(
        ({ instanceId, document, sentAt }) =>
          (InstanceId === undefined || instanceId === InstanceId) &&
          (documents?.includes(document) ?? true) &&
          (after === undefined || sentAt >= Date.parse(after)),
      );
      const { items, nextToken } = slice(found, Math.min(MaxResults ?? pageSize, pageSize), NextToken);
      const Commands = items.map((command) => ({
        CommandId: command.id,
        Comment: command.comment,
        DocumentName: command.document,
        RequestedDateTime: new Date(command.sentAt),
        Status: this.nodes.has(command.instanceId) ? this.statusOf(command) : 'Success',
        ...(command.parameters && { Parameters: command.parameters }),
      }));
      return { Commands, ...(nextToken && { NextToken: nextToken }) };
    }),
    ListCommandInvocations: reads<ListCommandInvocationsCommandInput, object>((input) => {
      const { CommandId, InstanceId, Filters, MaxResults, NextToken } = input;
      if (Filters?.length)
        throw new UnmodelledInputError('The simulated SSM does not model filters of ListCommandInvocations.');
      this.settle();
      const found = this.listed().filter(
        ({ id, instanceId }) =>
          (CommandId === undefined || id === CommandId) && (InstanceId === undefined || instanceId === InstanceId),
      );
      const { items, nextToken } = slice(found, Math.min(MaxResults ?? pageSize, pageSize), NextToken);
      return {
        CommandInvocations: items.map((command) => ({
          CommandId: command.id,
          InstanceId: command.instanceId,
          Status: this.statusOf(command),
        })),
        ...(nextToken && { NextToken: nextToken }),
      };
    }),
    // Of a document of several steps it answers for one, which has to be named. Source: GetCommandInvocation, PluginName.
    GetCommandInvocation: reads<GetCommandInvocationCommandInput, object>((input) => {
      this.settle();
      const found = this.listed().find(({ id }) => id === input.CommandId);
      if (!found) throw serviceError('ssm', 'InvocationDoesNotExist', 'The invocation does not exist.');
      const steps = plugins[found.document]!;
      if (input.PluginName === undefined ? steps.length > 1 : !steps.includes(input.PluginName))
        throw serviceError('ssm', 'InvalidPluginName', 'The plugin name is not valid.');
      return { CommandId: found.id, Status: this.statusOf(found) };
    }),
  };

  private isRunning(instanceId: string): boolean {
    return this.ec2.find(instanceId)?.state === 'running';
  }

  /** What the lists show by now, the newest first. */
  private listed(): SentCommand[] {
    return this.sent.filter(({ sentAt }) => Date.now() - sentAt >= listedAfterMs).reverse();
  }

  private statusOf({ instanceId, sentAt, endsAt }: SentCommand): string {
    if (Date.now() >= endsAt) return this.nodes.get(instanceId)!.ends;
    return Date.now() - sentAt >= longestRunMs ? 'TimedOut' : 'InProgress';
  }

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
      else if (node.missing > 0) this.reboot(command.instanceId);
      node.installed += node.missing;
      node.missing = 0;
    }
  }

  private reboot(instanceId: string): void {
    const instance = this.ec2.find(instanceId);
    if (instance?.state === 'running') this.ec2.lifecycle.reboot(instance);
  }
}
