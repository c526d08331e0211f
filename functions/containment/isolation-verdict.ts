import { quarantineTag } from '../guard/tags';
import type { Conclusion } from '../record/conclusion';
import { plural } from '../shared/plural';
import type { Environment } from './environment';
import type { GroupPair } from './group-rules';
import type { Secured, SnapshotLook } from './snapshots';

/** The planned isolation, and the state of everything now. */
export interface IsolationEvidence {
  incidentId: string;
  before: Environment;
  /** Read again after the last change. */
  after: Environment;
  plan: { detachAddresses: boolean; swapProfile: boolean; switchMetadataOff?: boolean; endSessions?: boolean };
  pairs: readonly GroupPair[];
  snapshots: SnapshotLook | undefined;
  /** Interfaces whose flows were untracked before they were cut off. */
  untracked: readonly string[];
  evidenceKept: boolean;
  /** Whether the bucket has a locked copy; undefined in a stage without one. */
  evidenceLocked?: boolean | undefined;
  /** Whether the snapshots are locked and shared, as far as the stage wants it. */
  secured?: Secured | undefined;
  leaving: { verdict: string } | undefined;
  sessions: 'revoked' | 'failed' | 'not-asked' | 'not-approved';
  /** Whether the open sessions of Systems Manager were ended, as far as that was planned. */
  sessionsEnded: boolean;
  quarantineProfileArn: string;
  /** Whether others stopped the instance during its isolation, according to the record. */
  wasStopped: boolean;
  /** The restart of ours behind which the isolation waited, if that stopped the instance. */
  stoppedBy?: string | undefined;
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

const wordsOfState: Readonly<Record<string, string>> = {
  recoverable: 'deleted; it can be recovered from the Recycle Bin',
  recovering: 'being recovered from the Recycle Bin',
};

function missingEvidence({ before, snapshots, evidenceKept, evidenceLocked, secured }: IsolationEvidence): string[] {
  const stateOf = (volumeId: string) => snapshots?.seen.find((one) => one.volumeId === volumeId)?.state ?? 'missing';
  const incomplete = before.volumes
    .map(({ volumeId }) => ({ volumeId, state: stateOf(volumeId) }))
    .filter(({ state }) => state !== 'completed')
    .map(({ volumeId, state }) => `snapshot of ${volumeId} (${wordsOfState[state] ?? state})`);
  return [
    ...incomplete,
    ...(evidenceKept ? [] : ['console output and network state']),
    ...(evidenceLocked === false ? ['locked copy of its evidence'] : []),
    ...(secured?.missing ?? []),
  ];
}

/** A stop and start in between shows in the launch time. */
function missingMemory({ before, after, wasStopped, stoppedBy }: IsolationEvidence): string[] {
  const isSeen = before.instance.state === 'running' && hasStoppedSince(before, after);
  if (!wasStopped && (!isSeen || stoppedBy !== undefined)) return [];
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

function missingIdentity({ after, plan, sessions, sessionsEnded, quarantineProfileArn }: IsolationEvidence): string[] {
  const isSwapped = !plan.swapProfile || after.profile?.arn === quarantineProfileArn;
  const isOff = after.metadata?.HttpEndpoint === 'disabled' && after.metadata.isApplied;
  return [
    ...(isSwapped ? [] : ['instance profile is not replaced']),
    ...(plan.switchMetadataOff && !isOff ? ['instance metadata service is not off'] : []),
    ...(plan.endSessions && !sessionsEnded ? ['sessions of Systems Manager may still be open'] : []),
    ...(sessions === 'failed' ? ['sessions of its role are not revoked'] : []),
  ];
}

/**
 * What no security group cuts, so that nobody takes a contained instance for one that reaches nothing.
 * Sources: VPC user guide, "Security groups" (what they do not filter) and "Connection tracking" (automatically tracked);
 * Systems Manager user guide, "Session Manager"; EC2 user guide, "EC2 Instance Connect Endpoint".
 */
function notCut({ metadata }: Environment, plan: IsolationEvidence['plan']): string[] {
  return [
    'Not cut: DNS queries to the Amazon resolver. A DNS Firewall covers a whole VPC, never one instance.',
    ...(metadata?.HttpEndpoint === 'disabled' ? [] : ['Not cut: the instance metadata service.']),
    ...(plan.endSessions ? [] : ['Not cut: open sessions of Systems Manager.']),
    'Not cut: the Amazon Time Sync Service, DHCP and Windows activation, and credentials that the instance has fetched.',
    'Flows through a Network Load Balancer, NAT gateway, Network Firewall, interface endpoint or transit gateway stay tracked until they end or time out.',
    'Tunnels of an EC2 Instance Connect Endpoint last up to an hour, also after the credentials that opened them expire.',
  ];
}

function notesOf({ before, after, plan, sessions, snapshots, secured, stoppedBy }: IsolationEvidence): string[] {
  const keepsAddress = before.addresses.length > 0 && !plan.detachAddresses;
  return [
    ...(snapshots?.seen ?? []).map(({ snapshotId, volumeId }) => `Snapshot of ${volumeId}: ${snapshotId}`),
    ...(secured?.notes ?? []),
    ...(sessions === 'not-approved'
      ? ['Revoking the sessions of its role was not approved: they are valid until they expire.']
      : []),
    // Source: IAM user guide, "Changes that I make are not always immediately visible".
    ...(sessions === 'revoked'
      ? ['The revocation of the sessions of its role is in force within minutes: until then they may still be used.']
      : []),
    ...(before.instance.isSpot
      ? ['EC2 does not support termination protection for Spot Instances; its volumes and snapshots are kept.']
      : []),
    ...(keepsAddress ? ['Its Elastic IP stays attached, as the stage is configured.'] : []),
    ...(stoppedBy !== undefined && hasStoppedSince(before, after)
      ? [`Incident ${stoppedBy}, behind which the isolation waited, stopped the instance: its memory is lost.`]
      : []),
    ...notCut(after, plan),
  ];
}
