import { createHash } from 'node:crypto';
import * as z from '../shared/schema';
import type { HealthEvent } from './event-schema';

/** An issue as AWS Health told it, with what its affected entities say of where it is: one page of one event. */
export const issueSchema = z.object({
  eventArn: z.string(),
  /** The account that it affects; none for the stage's own. */
  account: z.optional(z.string()),
  /** AWS's name of its kind, such as `AWS_EC2_OPERATIONAL_ISSUE`. */
  code: z.string(),
  /** Whether it is about a place; otherwise it is about the entities alone. */
  isWide: z.boolean(),
  status: z.string(),
  /** ISO 8601. */
  startsAt: z.string(),
  endsAt: z.optional(z.nullable(z.string())),
  updatedAt: z.string(),
  /** Some issues are never closed: without news it counts as over from then on. */
  until: z.string(),
  /** IDs of the instances and volumes that it names. */
  entities: z.array(z.string()),
  /** Availability Zones of those that EC2 knows: an event names no zone. */
  zones: z.array(z.string()),
});
export type Issue = z.output<typeof issueSchema>;

/** An issue of which nothing was heard for a day counts as over: AWS updates a lasting one every hour or so. */
const staleHours = 24;

const categories = ['issue', 'investigation'];
const services = ['EC2', 'EBS'];

/** Whether an event is about trouble of EC2 or EBS, rather than a notice or planned work. */
export const isIssue = ({ detail }: HealthEvent): boolean =>
  categories.includes(detail.eventTypeCategory) && services.includes(detail.service);

/** The account that an event is about; an organization's administrator receives those of every member. */
export const accountOf = ({ detail, account }: HealthEvent): string => detail.affectedAccount ?? account;

/** IDs of the instances and volumes of an event, whether it has IDs or ARNs. */
export function entitiesOf({ detail }: HealthEvent): string[] {
  const ids = detail.affectedEntities.map(({ entityValue = '' }) => entityValue.split(/[/:]/).at(-1)!);
  return [...new Set(ids.filter((id) => /^(i|vol)-[0-9a-f]{8,17}$/.test(id)))];
}

/** The key of an event: the same for its backup copy and for every delivery of one of its pages. */
export function issueKey(event: HealthEvent): { pk: string; sk: string } {
  const hash = createHash('sha256')
    .update(`${event.detail.eventArn}#${accountOf(event)}`)
    .digest('hex')
    .slice(0, 20);
  return { pk: 'HEALTH', sk: `ISSUE#${hash}#${event.detail.page}` };
}

/** @param zones of the affected entities that EC2 knows */
export function toIssue(event: HealthEvent, zones: readonly string[]): Issue {
  const { eventArn, eventTypeCode, startTime, endTime, statusCode = 'open', lastUpdatedTime } = event.detail;
  const updatedAt = lastUpdatedTime ?? event.time;
  return {
    eventArn,
    code: eventTypeCode,
    isWide: isWide(event),
    status: statusCode,
    startsAt: startTime ?? event.time,
    ...(endTime ? { endsAt: endTime } : {}),
    updatedAt,
    until: new Date(Date.parse(updatedAt) + staleHours * 3_600_000).toISOString(),
    entities: entitiesOf(event),
    zones: [...zones],
  };
}

/** Everybody's issue, or one whose kind says that a service does not work; a lost volume says nothing of its neighbours. */
function isWide(event: HealthEvent): boolean {
  const { eventScopeCode, eventTypeCode } = event.detail;
  if (eventScopeCode === 'PUBLIC' || /_(OPERATIONAL|API)_ISSUE$/.test(eventTypeCode)) return true;
  return entitiesOf(event).length === 0;
}

/** Whether an issue stands: it has begun, and is neither closed, nor ended, nor without news for too long. */
export const isOpen = ({ status, startsAt, endsAt, until }: Issue, now: Date): boolean => {
  const at = now.toISOString();
  return status !== 'closed' && startsAt <= at && (!endsAt || endsAt > at) && until > at;
};

/** What might be affected: an instance with its volumes. */
export interface Standing {
  instanceId: string;
  zone: string;
  volumeIds: readonly string[];
}

/** An open issue that concerns an instance. */
export interface Concern {
  code: string;
  /** As people read it: `us-east-1a`, `the region`, or the ID of the instance or its volume. */
  where: string;
  isWide: boolean;
  startsAt: string;
  until: string;
}

/** The open issue that concerns an instance most: one that names it, then one of its zone, then one of the region. Pure. */
export function concernOf(issues: readonly Issue[], { instanceId, zone, volumeIds }: Standing): Concern | undefined {
  const own = [instanceId, ...volumeIds];
  const named = issues.find(({ entities }) => entities.some((id) => own.includes(id)));
  if (named) return toConcern(named, named.entities.find((id) => own.includes(id))!, false);
  const inZone = issues.find(({ isWide: wide, zones }) => wide && zones.includes(zone));
  if (inZone) return toConcern(inZone, zone, true);
  const inRegion = issues.find((one) => one.isWide && zonesOf(one, issues).length === 0);
  return inRegion && toConcern(inRegion, 'the region', true);
}

/** Zones that any page of the same event names: its pages come in any order. */
const zonesOf = ({ eventArn }: Issue, issues: readonly Issue[]) =>
  issues.filter((one) => one.eventArn === eventArn).flatMap(({ zones }) => zones);

const toConcern = ({ code, startsAt, until }: Issue, where: string, wide: boolean): Concern => ({
  code,
  where,
  isWide: wide,
  startsAt,
  until,
});
