import type { Place } from '../place/place';
import type { Code } from '../record/codes';
import type { Conclusion } from '../record/conclusion';
import type { Finding } from './finding';

/** A finding as GetFindings returns it. */
export interface FindingNow extends Place {
  type: string;
  severity: number;
  updatedAt: string;
  archived: boolean;
  sample: boolean;
  instanceIds: readonly string[];
  remoteAddresses: readonly string[];
}

export interface FindingConfirmation {
  verdict: 'FINDING' | 'NOT_CONFIRMED';
  conclusion?: Conclusion;
}

const refuse = (code: Code, reason: string): FindingConfirmation => ({
  verdict: 'NOT_CONFIRMED',
  conclusion: { outcome: 'SKIPPED', code, reason },
});

/**
 * Whether GuardDuty has the finding that started the incident as its event says. Pure. What a newer update may change
 * (severity, addresses) has to agree only until there is one; type, place and instance never change.
 */
export function confirmFinding(finding: Finding, now: FindingNow | undefined): FindingConfirmation {
  const { account, region } = finding;
  if (!now)
    return refuse(
      'finding-not-found',
      `GuardDuty in account ${account}, region ${region}, does not have the finding that the event names.`,
    );
  const difference = differenceOf(finding, now);
  if (difference)
    return refuse('finding-contradicted', `GuardDuty has the finding otherwise than its event says: ${difference}.`);
  if (now.archived)
    return refuse('finding-archived-since', 'Someone has archived the finding in GuardDuty since its event was sent.');
  return { verdict: 'FINDING' };
}

/** The first fact that differs, in words. */
function differenceOf(finding: Finding, now: FindingNow): string | undefined {
  const { account, region, type, instanceId, severity, remoteAddresses } = finding;
  if (now.account !== account || now.region !== region)
    return `it is of account ${now.account}, region ${now.region}, not of ${account}, ${region}`;
  if (now.sample) return 'it is a sample';
  if (now.type !== type) return `its type is ${now.type}, not ${type}`;
  if (instanceId !== undefined && !(now.instanceIds.length === 1 && now.instanceIds[0] === instanceId))
    return `it names ${now.instanceIds.join(', ') || 'no instance'}, not ${instanceId}`;
  if (Date.parse(now.updatedAt) > Date.parse(finding.updatedAt)) return undefined;
  if (now.severity < severity) return `its severity is ${now.severity}, not ${severity}`;
  const unknown = remoteAddresses.find((address) => !now.remoteAddresses.includes(address));
  return unknown && `it does not name the address ${unknown}`;
}
