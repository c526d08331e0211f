import { DescribeInstanceInformationCommand, DescribeInstancePatchStatesCommand } from '@aws-sdk/client-ssm';
import { ssm } from '../shared/clients/ssm';
import type { Compliance } from './patch';

/** The ping status of the instance's agent in Systems Manager (Online, ConnectionLost, Inactive); undefined if not managed. */
export async function readPing(instanceId: string): Promise<string | undefined> {
  const { InstanceInformationList } = await ssm.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] }),
  );
  return InstanceInformationList?.[0]?.PingStatus;
}

/** The counts of the last scan or install; undefined if there was none. */
export async function readCompliance(instanceId: string): Promise<Compliance | undefined> {
  const { InstancePatchStates } = await ssm.send(new DescribeInstancePatchStatesCommand({ InstanceIds: [instanceId] }));
  const state = InstancePatchStates?.[0];
  if (!state) return undefined;
  return {
    installed: (state.InstalledCount ?? 0) + (state.InstalledOtherCount ?? 0),
    missing: state.MissingCount ?? 0,
    failed: state.FailedCount ?? 0,
    pendingReboot: state.InstalledPendingRebootCount ?? 0,
    ...(state.OperationEndTime ? { at: state.OperationEndTime.toISOString() } : {}),
  };
}
