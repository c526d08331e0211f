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

/** The commands that change an instance's state. All ids of a request pass, or none. Source: EC2 API reference. */
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
      for (const instance of instances)
        if (!/^(pending|running|stopped)$/.test(instance.state)) throw incorrectState(instance.id, 'started');
      if (input.DryRun) throw dryRun();
      const start = (instance: Ec2Instance) => () => instance.state === 'stopped' && lifecycle.start(instance);
      return { StartingInstances: instances.map((instance) => changed(instance, call, start(instance))) };
    }),
    RebootInstances: changes<RebootInstancesCommandInput, RebootInstancesCommandOutput>((input, call) => {
      const instances = named(fleet, input, call);
      for (const instance of instances) if (instance.state !== 'running') throw incorrectState(instance.id, 'rebooted');
      if (input.DryRun) throw dryRun();
      for (const instance of instances) {
        lifecycle.reboot(instance);
        call.change(instance.id);
      }
      return {};
    }),
    TerminateInstances: changes<TerminateInstancesCommandInput, TerminateInstancesCommandOutput>((input, call) => {
      const instances = named(fleet, input, call);
      for (const instance of instances)
        if (instance.spec.disableApiTermination) throw protectedFrom(instance.id, 'terminated');
      if (input.DryRun) throw dryRun();
      const terminate = (instance: Ec2Instance) => () => !isGone(instance) && lifecycle.terminate(instance);
      return { TerminatingInstances: instances.map((instance) => changed(instance, call, terminate(instance))) };
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
