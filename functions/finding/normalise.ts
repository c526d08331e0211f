import { plainText, type Scope } from '../alarm/normalise';
import type { Refusal } from '../record/conclusion';
import { instanceIdSchema } from '../shared/identifiers';
import { toIsoInstant } from '../shared/instant';
import type { FindingEvent } from './event-schema';
import type { Finding } from './finding';

/** What a finding must be to be acted on in this stage. */
export interface FindingScope extends Scope {
  /** Findings below are left alone. */
  lowestSeverity: number;
  /** Whether a sample finding is taken: in a drill alone. */
  drill: boolean;
}

export interface ReadFinding {
  finding: Finding;
  refusal?: Refusal;
}

/** Brings a GuardDuty finding to one form, without asking AWS anything, and says why it is left alone if it is. */
export function normaliseFinding({ account, region, detail }: FindingEvent, scope: FindingScope): ReadFinding {
  const instanceId = instanceIdSchema.safeParse(detail.resource.instanceDetails?.instanceId);
  const finding: Finding = {
    findingArn: detail.arn,
    type: detail.type,
    title: plainText(detail.title),
    severity: detail.severity,
    account,
    region,
    updatedAt: toIsoInstant(detail.updatedAt)!,
    ...(instanceId.success ? { instanceId: instanceId.data } : {}),
    remoteAddresses: remoteAddressesOf(detail.service.action),
  };
  const refusal = refuse(detail, finding, scope);
  return { finding, ...(refusal ? { refusal } : {}) };
}

/** Each address at the other end, once. */
function remoteAddressesOf(action: FindingEvent['detail']['service']['action']): string[] {
  const details = [action?.networkConnectionAction, ...(action?.portProbeAction?.portProbeDetails ?? [])];
  const addresses = details.flatMap((one) => {
    const remote = one?.remoteIpDetails;
    return [remote?.ipAddressV4, remote?.ipAddressV6].filter((text): text is string => Boolean(text));
  });
  return [...new Set(addresses)].map(plainText);
}

function refuse(detail: FindingEvent['detail'], finding: Finding, scope: FindingScope): Refusal | undefined {
  if (!scope.accounts.includes(finding.account) || detail.accountId !== finding.account) {
    return { code: 'wrong-account', reason: `The finding is of account ${detail.accountId}, not one of this stage's.` };
  }
  if (!scope.regions.includes(finding.region) || detail.region !== finding.region) {
    return { code: 'wrong-region', reason: `The finding is of region ${detail.region}, not one of this stage's.` };
  }
  if (detail.service.additionalInfo?.sample && !scope.drill) {
    return { code: 'sample-finding', reason: 'It is a sample finding, as people create them to try things out.' };
  }
  if (detail.service.archived) {
    return { code: 'finding-archived', reason: 'The finding is archived: somebody has dealt with it.' };
  }
  if (finding.severity < scope.lowestSeverity) {
    const reason = `Its severity ${finding.severity} is below ${scope.lowestSeverity}, which this stage acts on.`;
    return { code: 'below-severity', reason };
  }
  return undefined;
}
