import { GetFindingsCommand, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { guardDuty } from '../shared/clients/guard-duty';
import { parseOutside } from '../shared/parse';
import type { FindingNow } from './confirm';
import { foundFindingSchema } from './event-schema';
import type { Finding } from './finding';
import { namedInstances } from './named-instances';
import { remoteAddressesOf } from './normalise';

/**
 * The finding as GuardDuty has it now, in the place of the running step; undefined if it has none by that ID there. The
 * detector is the place's own, of which there is one, and not what the event says: an administrator's copy names another.
 * Source: GuardDuty API reference, ListDetectors, GetFindings.
 * @throws InvalidInputError when GuardDuty answers in another form
 */
export async function readFindingNow({ findingArn }: Pick<Finding, 'findingArn'>): Promise<FindingNow | undefined> {
  const id = findingArn.split('/').at(-1)!;
  const { DetectorIds = [] } = await guardDuty.send(new ListDetectorsCommand({}));
  const [DetectorId] = DetectorIds;
  if (DetectorId === undefined) return undefined;
  const { Findings = [] } = await guardDuty.send(new GetFindingsCommand({ DetectorId, FindingIds: [id] }));
  const found = Findings.find(({ Id }) => Id === id);
  return found && asNow(found);
}

function asNow(found: object): FindingNow {
  const { service, ...rest } = parseOutside(foundFindingSchema, asInEvents(found), 'GetFindings');
  return {
    account: rest.accountId,
    region: rest.region,
    type: rest.type,
    severity: rest.severity,
    updatedAt: rest.updatedAt,
    archived: service.archived,
    sample: isSample(service.additionalInfo?.value),
    instanceIds: namedInstances({ resource: rest.resource, service }),
    remoteAddresses: remoteAddressesOf(service.action),
  };
}

/** The SDK writes each field with a capital, the event without. */
function asInEvents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asInEvents);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const fields = Object.entries(value).map(([name, inner]) => [lower(name), asInEvents(inner)]);
  return Object.fromEntries(fields);
}

const lower = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

function isSample(value: string | undefined): boolean {
  return /"sample"\s*:\s*true/.test(value ?? '');
}
