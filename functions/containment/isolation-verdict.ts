import { quarantineTag } from '../guard/tags';
import type { Conclusion } from '../record/conclusion';
import { plural } from '../shared/plural';
import type { Environment } from './environment';
import type { GroupPair } from './group-rules';
import type { SnapshotLook } from './snapshots';

/** The planned isolation, and the state of everything now. */
export interface IsolationEvidence {
  incidentId: string;
  before: Environment;
  /** Read again after the last change. */
  after: Environment;
  plan: { detachAddresses: boolean; swapProfile: boolean };
  pairs: readonly GroupPair[];
  snapshots: SnapshotLook | undefined;
  /** Interfaces whose flows were untracked before they were cut off. */
  untracked: readonly string[];
  evidenceKept: boolean;
  leaving: { verdict: string } | undefined;
  sessions: 'revoked' | 'failed' | 'not-asked' | 'not-approved';
  quarantineProfileArn: string;
  /** Whether others stopped the instance during its isolation, according to the record. */
  wasStopped: boolean;
  /** The restart of ours from which the isolation took the instance over, which may have stopped it. */
  tookOverFrom?: string | undefined;
  /** The errors of steps that gave up, in order. */
  failures: readonly string[];
}

export interface IsolationVerdict {
  missing: string[];
  notes: string[];
  conclusion: Conclusion;
}

/** CONTAINED only if everything is as it should be; otherwise PARTIAL, listing what is missing. Pure. */
export function judgeIsolation(evidence: IsolationEvidence): IsolationVerdict {
  const missing = [
    ...missingEvidence(evidence),
    ...missingMemory(evidence),
    ...missingProtection(evidence),
    ...missingNetwork(evidence),
    ...missingIdentity(evidence),
  ];
  const notes = notesOf(evidence);
  if (missing.length === 0) {
    const count = evidence.after.interfaces.length;
    const reason = `The instance is isolated: ${plural(count, 'network interface')} cut off, every step verified. To undo it, start a release.`;
    return { missing, notes, conclusion: { outcome: 'CONTAINED', code: 'isolated', reason } };
  }
  const why = evidence.failures.length > 0 ? ` First failure: ${evidence.failures[0]?.replace(/\.?\s*$/, '.')}` : '';
  const reason = `Not contained. Missing: ${missing.join('; ')}. The state before each change is in the record.${why}`;
  return { missing, notes, conclusion: { outcome: 'PARTIAL', code: 'not-contained', reason: reason.slice(0, 2000) } };
}

function missingEvidence({ before, snapshots, evidenceKept }: IsolationEvidence): string[] {
  const stateOf = (volumeId: string) => snapshots?.seen.find((one) => one.volumeId === volumeId)?.state ?? 'missing';
  const incomplete = before.volumes
    .map(({ volumeId }) => ({ volumeId, state: stateOf(volumeId) }))
    .filter(({ state }) => state !== 'completed')
    .map(({ volumeId, state }) => `snapshot of ${volumeId} (${state})`);
  return evidenceKept ? incomplete : [...incomplete, 'console output and network state'];
}

/** A stop and start in between shows in the launch time. */
function missingMemory({ before, after, wasStopped, tookOverFrom }: IsolationEvidence): string[] {
  const isSeen = before.instance.state === 'running' && hasStoppedSince(before, after);
  if (!wasStopped && (!isSeen || tookOverFrom !== undefined)) return [];
  return ['its memory (the instance was stopped during its isolation)'];
}

const hasStoppedSince = (before: Environment, after: Environment): boolean =>
  after.instance.state !== 'running' || after.instance.launchedAt !== before.instance.launchedAt;

function missingProtection({ incidentId, before, after, leaving }: IsolationEvidence): string[] {
  // Spot Instances do not support it, so it is not part of their isolation.
  const { isSpot } = before.instance;
  const volumes = after.volumes.filter(({ deleteOnTermination }) => deleteOnTermination);
  const lost = before.volumes.filter(({ volumeId }) => !after.volumes.some((one) => one.volumeId === volumeId));
  return [
    ...(after.instance.tags[quarantineTag] === incidentId ? [] : ['quarantine tag']),
    ...(after.terminationProtected === undefined && !isSpot
      ? ['termination protection (could not be read: no longer opted in)']
      : []),
    ...(after.terminationProtected === false && !isSpot ? ['termination protection'] : []),
    ...volumes.map(({ volumeId }) => `${volumeId} is still deleted on termination`),
    ...lost.map(({ volumeId }) => `${volumeId} is detached`),
    ...(leaving?.verdict === 'DONE' ? [] : ['still in its Auto Scaling group or target groups']),
  ];
}

function missingNetwork({ after, pairs, untracked, plan }: IsolationEvidence): string[] {
  const open = after.interfaces.flatMap(({ networkInterfaceId, vpcId, groupIds, isManaged }) => {
    if (isManaged) return [`${networkInterfaceId} belongs to an AWS service and cannot be cut off`];
    const pair = pairs.find((one) => one.vpcId === vpcId);
    if (pair && groupIds.length === 1 && groupIds[0] === pair.closedGroupId) {
      return untracked.includes(networkInterfaceId) ? [] : [`tracked flows of ${networkInterfaceId} may continue`];
    }
    const isOpen = pair !== undefined && groupIds.includes(pair.openGroupId);
    return [isOpen ? `${networkInterfaceId} IS OPEN TO ALL TRAFFIC` : `${networkInterfaceId} is not cut off`];
  });
  if (after.interfaces.length === 0) open.push('no network interface was found');
  return plan.detachAddresses
    ? [...open, ...after.addresses.map(({ publicIp }) => `Elastic IP ${publicIp} is still attached`)]
    : open;
}

function missingIdentity({ after, plan, sessions, quarantineProfileArn }: IsolationEvidence): string[] {
  const isSwapped = !plan.swapProfile || after.profile?.arn === quarantineProfileArn;
  return [
    ...(isSwapped ? [] : ['instance profile is not replaced']),
    ...(sessions === 'failed' ? ['sessions of its role are not revoked'] : []),
  ];
}

function notesOf({ before, after, plan, sessions, snapshots, tookOverFrom }: IsolationEvidence): string[] {
  const keepsAddress = before.addresses.length > 0 && !plan.detachAddresses;
  return [
    ...(snapshots?.seen ?? []).map(({ snapshotId, volumeId }) => `Snapshot of ${volumeId}: ${snapshotId}`),
    ...(sessions === 'not-approved'
      ? ['Revoking the sessions of its role was not approved: they are valid until they expire.']
      : []),
    ...(before.instance.isSpot
      ? ['EC2 does not support termination protection for Spot Instances; its volumes and snapshots are kept.']
      : []),
    ...(keepsAddress ? ['Its Elastic IP stays attached, as the stage is configured.'] : []),
    ...(tookOverFrom !== undefined && hasStoppedSince(before, after)
      ? [`Incident ${tookOverFrom}, from which the isolation took the instance over, stopped it: its memory is lost.`]
      : []),
    'Flows through a Network Load Balancer, NAT gateway or transit gateway stay tracked until they end or time out.',
  ];
}
