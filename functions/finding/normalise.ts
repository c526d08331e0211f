import type { Scope } from '../place/place';
import { placeOf } from '../place/place-of';
import type { Refusal } from '../record/conclusion';
import { toIsoInstant } from '../shared/instant';
import { plainText } from '../shared/plain-text';
import type { FindingEvent } from './event-schema';
import type { Finding } from './finding';
import { namedInstances } from './named-instances';

/** The findings that this stage acts on. */
export interface FindingScope extends Scope {
  /** Findings below this severity are left alone. */
  lowestSeverity: number;
  /** Whether sample findings are accepted: only in a drill. */
  drill: boolean;
}

export interface ReadFinding {
  finding: Finding;
  refusal?: Refusal;
}

/** Normalises a GuardDuty finding, without AWS calls, and gives the reason to leave it alone, if any. */
export function normaliseFinding(event: FindingEvent, scope: FindingScope): ReadFinding {
  const { detail } = event;
  const { place, refusal: elsewhere } = placeOf('finding', event, scope);
  const instanceIds = namedInstances(detail);
  const { resourceType } = detail.resource;
  const finding: Finding = {
    findingArn: detail.arn,
    type: detail.type,
    title: plainText(detail.title),
    severity: detail.severity,
    ...place,
    updatedAt: toIsoInstant(detail.updatedAt)!,
    ...(instanceIds.length === 1 ? { instanceId: instanceIds[0]! } : {}),
    ...(resourceType === 'Instance' ? {} : { resourceType }),
    remoteAddresses: remoteAddressesOf(detail.service.action),
  };
  const refusal = elsewhere ?? refuse(detail, finding, scope) ?? refuseSeveral(instanceIds);
  return { finding, ...(refusal ? { refusal } : {}) };
}

/** Each remote address, once. */
export function remoteAddressesOf(action: FindingEvent['detail']['service']['action']): string[] {
  const details = [action?.networkConnectionAction, ...(action?.portProbeAction?.portProbeDetails ?? [])];
  const addresses = details.flatMap((one) => {
    const remote = one?.remoteIpDetails;
    return [remote?.ipAddressV4, remote?.ipAddressV6].filter((text): text is string => Boolean(text));
  });
  return [...new Set(addresses)].map(plainText);
}

const mostNamed = 20;

function refuseSeveral(instanceIds: readonly string[]): Refusal | undefined {
  if (instanceIds.length < 2) return undefined;
  const more = instanceIds.length > mostNamed ? ' and more' : '';
  const named = `${instanceIds.slice(0, mostNamed).join(', ')}${more}`;
  const reason = `The finding names ${instanceIds.length} instances (${named}); an isolation needs exactly one.`;
  return { code: 'several-instances', reason };
}

function refuse(detail: FindingEvent['detail'], finding: Finding, scope: FindingScope): Refusal | undefined {
  if (detail.service.additionalInfo?.sample && !scope.drill) {
    return { code: 'sample-finding', reason: 'It is a sample finding, which is accepted only in a drill.' };
  }
  if (detail.service.archived) {
    return { code: 'finding-archived', reason: 'The finding is archived, so someone has handled it.' };
  }
  if (finding.severity < scope.lowestSeverity) {
    const reason = `The severity ${finding.severity} of the finding is below ${scope.lowestSeverity}, the minimum for this stage.`;
    return { code: 'below-severity', reason };
  }
  return undefined;
}
