import type {
  InstanceStateChange,
  RebootInstancesCommandInput,
  RebootInstancesCommandOutput,
  StartInstancesCommandInput,
  StartInstancesCommandOutput,
  StopInstancesCommandInput,
  StopInstancesCommandOutput,
  TerminateInstancesCommandInput,
  TerminateInstancesCommandOutput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type Call, type CommandModel, changes } from '../service';
import {
  dryRun,
  hibernationNotConfigured,
  incorrectState,
  missingParameter,
  oneTimeSpot,
  protectedFrom,
  rootNotEbs,
} from './errors';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';
import type { Lifecycle } from './lifecycle';
import { stateView } from './views';

/** The commands that change an instance's state. All ids of a request pass, or none, but for terminations. Source: EC2 API reference. */
export function changeInstances(fleet: Fleet, lifecycle: Lifecycle): Record<string, CommandModel> {
  return {
    StopInstances: changes<StopInstancesCommandInput, StopInstancesCommandOutput>((input, call) => {
      const instances = named(fleet, input, call);
      for (const instance of instances) assertStoppable(instance, input.Hibernate === true);
      if (input.DryRun) throw dryRun();
      return {
        StoppingInstances: instances.map((instance) => changed(instance, call, () => stop(lifecycle, instance, input))),
      };
    }),
    StartInstances: changes<StartInstancesCommandInput, StartInstancesCommandOutput>((input, call) => {
      const instances = named(fleet, input, call);
      for (const instance of instances) assertStartable(instance);
      if (input.DryRun) throw dryRun();
      const start = (instance: Ec2Instance) => () => instance.state === 'stopped' && lifecycle.start(instance);
      return { StartingInstances: instances.map((instance) => changed(instance, call, start(instance))) };
    }),
    RebootInstances: changes<RebootInstancesCommandInput, RebootInstancesCommandOutput>((input, call) => {
      const instances = named(fleet, input, call);
      // One that is terminated is passed over. Source: EC2 API reference, RebootInstances.
      const rebooted = instances.filter((instance) => !isGone(instance));
      for (const instance of rebooted) if (instance.state !== 'running') throw incorrectState(instance.id, 'rebooted');
      if (input.DryRun) throw dryRun();
      for (const instance of rebooted) {
        lifecycle.reboot(instance);
        call.change(instance.id);
      }
      return {};
    }),
    TerminateInstances: changes<TerminateInstancesCommandInput, TerminateInstancesCommandOutput>((input, call) => {
      const instances = named(fleet, input, call);
      if (input.DryRun) throw dryRun();
      const terminate = (instance: Ec2Instance) => () => !isGone(instance) && lifecycle.terminate(instance);
      const isProtected = ({ spec }: Ec2Instance) => spec.disableApiTermination || spec.disableApiStop;
      const spared = new Set(instances.filter(isProtected).map(({ availabilityZone }) => availabilityZone));
      // Zone by zone: where one is protected none is terminated, elsewhere all are, and the request fails all the same.
      // Source: EC2 API reference, TerminateInstances; EC2 user guide, "Enable stop protection".
      const ended = instances
        .filter(({ availabilityZone }) => !spared.has(availabilityZone))
        .map((instance) => changed(instance, call, terminate(instance)));
      const kept = instances.find(isProtected);
      if (kept) throw protectedFrom(kept.id, 'terminated');
      return { TerminatingInstances: ended };
    }),
  };
}

function named(fleet: Fleet, input: { InstanceIds: string[] | undefined }, call: Call): Ec2Instance[] {
  if (!input.InstanceIds?.length) throw missingParameter('InstanceId');
  call.touch(...input.InstanceIds);
  return fleet.require(input.InstanceIds);
}

function assertStoppable(instance: Ec2Instance, hibernate: boolean): void {
  if (instance.spec.rootDeviceType === 'instance-store') throw rootNotEbs(instance.id);
  if (instance.spec.spot === 'one-time') throw oneTimeSpot(instance.id);
  if (instance.spec.disableApiStop) throw protectedFrom(instance.id, 'stopped');
  if (hibernate && !instance.spec.hibernation) throw hibernationNotConfigured(instance.id);
  if (instance.state === 'pending' || isGone(instance)) throw incorrectState(instance.id, 'stopped');
}

/** Seconds between a stop of a Spot Instance and its next start. Source: EC2 user guide, "Stop a Spot Instance". */
const spotRest = { linux: 120, windows: 300 };

/** Source of the codes: EC2 API reference, "Error codes". */
const meets = {
  'full-host': ['InsufficientCapacityOnHost', 'There is not enough capacity on the Dedicated Host.'],
  'used-up-reservation': ['ReservationCapacityExceeded', 'The Capacity Reservation has no capacity left.'],
  'vcpu-quota': ['VcpuLimitExceeded', 'You have requested more vCPU capacity than your current vCPU limit allows.'],
  'ended-subscription': ['OptInRequired', 'In order to use this AWS Marketplace product you need to accept terms.'],
} as const;

function assertStartable(instance: Ec2Instance): void {
  if (!/^(pending|running|stopped)$/.test(instance.state)) throw incorrectState(instance.id, 'started');
  if (instance.state !== 'stopped') return;
  const { spot, platform, startMeets } = instance.spec;
  const isEarly = Date.now() - instance.stateSince < spotRest[platform] * 1000;
  // One that EC2 has interrupted is started by EC2 alone. Source: EC2 user guide, "Spot Instance interruption behavior".
  const isInterrupted = instance.life.stateReason?.Code?.startsWith('Server.SpotInstance') ?? false;
  if (spot && (isEarly || isInterrupted))
    throw serviceError(
      'ec2',
      'IncorrectSpotRequestState',
      `The Spot Instance request of '${instance.id}' is not in a state from which the instance can be started.`,
    );
  if (startMeets) {
    const [code, message] = meets[startMeets];
    throw serviceError('ec2', code, message);
  }
}

function stop(lifecycle: Lifecycle, instance: Ec2Instance, input: StopInstancesCommandInput): void {
  if (instance.state === 'stopped') return;
  const code = input.Hibernate ? 'Client.UserInitiatedHibernate' : 'Client.UserInitiatedShutdown';
  lifecycle.stop(instance, { force: input.Force === true, code });
}

function isGone(instance: Ec2Instance): boolean {
  return instance.state === 'shutting-down' || instance.state === 'terminated';
}

/** Makes one change and answers it as EC2 does; a change that finds nothing to do counts as no effect. */
function changed(instance: Ec2Instance, call: Call, change: () => unknown): InstanceStateChange {
  const previous = instance.state;
  change();
  if (instance.state !== previous) call.change(instance.id);
  return { InstanceId: instance.id, PreviousState: stateView(previous), CurrentState: stateView(instance.state) };
}
