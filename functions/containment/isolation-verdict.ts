import { quarantineTag } from '../guard/tags';
import type { Conclusion } from '../record/conclusion';
import type { Environment } from './environment';
import type { GroupPair } from './group-rules';
import type { SnapshotLook } from './snapshots';

/** What isolation set out to do, and how everything looks now. */
export interface IsolationEvidence {
  incidentId: string;
  before: Environment;
  /** Read anew after the last change. */
  after: Environment;
  plan: { detachAddresses: boolean; swapProfile: boolean };
  pairs: readonly GroupPair[];
  snapshots: SnapshotLook | undefined;
  /** Interfaces whose flows were made untracked before they were cut. */
  untracked: readonly string[];
  evidenceKept: boolean;
  leaving: { verdict: string } | undefined;
  sessions: 'revoked' | 'failed' | 'not-asked' | 'not-approved';
  quarantineProfileArn: string;
  /** The first error of a step that gave up, in its own words. */
  failures: readonly string[];
}

export interface IsolationVerdict {
  missing: string[];
  notes: string[];
  conclusion: Conclusion;
}

/** CONTAINED only when every single thing is as it should be; else PARTIAL, naming what is missing. Pure. */
export function judgeIsolation(evidence: IsolationEvidence): IsolationVerdict {
  const missing = [
    ...missingEvidence(evidence),
    ...missingProtection(evidence),
    ...missingNetwork(evidence),
    ...missingIdentity(evidence),
  ];
  const notes = notesOf(evidence);
  if (missing.length === 0) {
    const count = evidence.after.interfaces.length;
    const reason = `The instance is isolated: ${count} network interface(s) cut off, every step verified. A release puts it back.`;
    return { missing, notes, conclusion: { outcome: 'CONTAINED', code: 'isolated', reason } };
  }
  const why = evidence.failures.length > 0 ? ` First failure: ${evidence.failures[0]}` : '';
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

function missingProtection({ incidentId, before, after, leaving }: IsolationEvidence): string[] {
  const volumes = after.volumes.filter(({ deleteOnTermination }) => deleteOnTermination);
  const lost = before.volumes.filter(({ volumeId }) => !after.volumes.some((one) => one.volumeId === volumeId));
  return [
    ...(after.instance.tags[quarantineTag] === incidentId ? [] : ['quarantine tag']),
    ...(after.terminationProtected === undefined ? ['termination protection (not read: not opted in any more)'] : []),
    ...(after.terminationProtected === false ? ['termination protection'] : []),
    ...volumes.map(({ volumeId }) => `${volumeId} still goes with the instance`),
    ...lost.map(({ volumeId }) => `${volumeId} is detached`),
    ...(leaving?.verdict === 'DONE' ? [] : ['still in its Auto Scaling group or target groups']),
  ];
}

function missingNetwork({ after, pairs, untracked, plan }: IsolationEvidence): string[] {
  const open = after.interfaces.flatMap(({ networkInterfaceId, vpcId, groupIds }) => {
    const pair = pairs.find((one) => one.vpcId === vpcId);
    if (pair && groupIds.length === 1 && groupIds[0] === pair.closedGroupId) {
      return untracked.includes(networkInterfaceId) ? [] : [`tracked flows of ${networkInterfaceId} may live on`];
    }
    const isOpen = pair !== undefined && groupIds.includes(pair.openGroupId);
    return [isOpen ? `${networkInterfaceId} IS OPEN TO ALL TRAFFIC` : `${networkInterfaceId} is not cut off`];
  });
  if (after.interfaces.length === 0) open.push('no network interface is to be seen');
  return plan.detachAddresses
    ? [...open, ...after.addresses.map(({ publicIp }) => `Elastic IP ${publicIp} is still on`)]
    : open;
}

function missingIdentity({ after, plan, sessions, quarantineProfileArn }: IsolationEvidence): string[] {
  const isSwapped = !plan.swapProfile || after.profile?.arn === quarantineProfileArn;
  return [
    ...(isSwapped ? [] : ['instance profile is not swapped']),
    ...(sessions === 'failed' ? ['sessions of its role are not revoked'] : []),
  ];
}

function notesOf({ before, plan, sessions, snapshots }: IsolationEvidence): string[] {
  const keepsAddress = before.addresses.length > 0 && !plan.detachAddresses;
  return [
    ...(snapshots?.seen ?? []).map(({ snapshotId, volumeId }) => `Snapshot of ${volumeId}: ${snapshotId}`),
    ...(sessions === 'not-approved'
      ? ['Revoking the sessions of its role was not approved: they are good until they expire.']
      : []),
    ...(keepsAddress ? ['Its Elastic IP was left on, as the stage is set.'] : []),
    'Flows through a Network Load Balancer, NAT or transit gateway stay tracked until they end or time out.',
  ];
}
