import { type CloudTrailRecord, cloudTrailRecordSchema } from '../shared/cloudtrail-record';
import { oneLine } from '../shared/plain-text';
import * as z from '../shared/schema';

/** A change that CloudTrail, Auto Scaling, CodeDeploy or Systems Manager recorded. What outsiders wrote in it is shown as text and decides nothing. */
export const changeSchema = z.object({
  /** The id that its source gave it. */
  id: z.string(),
  /** ISO 8601, to the second. */
  at: z.string(),
  /** AWS's name of the action, such as `AuthorizeSecurityGroupIngress`, or what it was in words. */
  what: z.string(),
  /** The resource that it was found by. */
  resource: z.string(),
  /** What a rule of a security group opens or closes, for example `port 22 for 0.0.0.0/0`, or what else tells changes apart. */
  detail: z.optional(z.string()),
  /** The last part of the caller's ARN. */
  who: z.string(),
  /** An address, or the service that made the call. */
  from: z.string(),
  /** AWS's error code, for a change that was tried and refused. */
  refused: z.optional(z.string()),
});
export type Change = z.output<typeof changeSchema>;

const text = z.optional(z.nullable(z.string()));

/** An event of LookupEvents, which always has an ID: the same event is found by several resources. */
const eventSchema = z.looseObject({ ...cloudTrailRecordSchema.shape, eventID: z.string() });

/** Events that agents send all the time: they change nothing about the instance. */
const heartbeats = /^(UpdateInstanceInformation|UpdateInstanceAssociationStatus|PutInventory|PutComplianceItems)$/;

/**
 * One event of LookupEvents as a change.
 * @param ownRoles the beginning of the names of this stage's roles, whose changes are in the timeline already
 * @returns undefined for what only reads, for an agent's heartbeat, and for our own
 * @throws SyntaxError, or zod's error, when the record cannot be read
 */
export function toChange(cloudTrailEvent: string, resource: string, ownRoles: string): Change | undefined {
  const record = eventSchema.parse(JSON.parse(cloudTrailEvent));
  if (record.readOnly === true || heartbeats.test(record.eventName) || isOwn(record, ownRoles)) return undefined;
  const detail = detailOf(record.requestParameters);
  return {
    id: short(record.eventID),
    at: new Date(record.eventTime).toISOString(),
    what: short(record.eventName),
    resource,
    ...(detail ? { detail } : {}),
    who: whoOf(record),
    from: short(record.sourceIPAddress ?? 'unknown'),
    ...(record.errorCode ? { refused: short(record.errorCode) } : {}),
  };
}

/** A text from outside, as much of it as a line has room for. */
export const short = (value: string) => oneLine(value).slice(0, 60);

function isOwn({ userIdentity }: CloudTrailRecord, ownRoles: string): boolean {
  const issuer = userIdentity?.sessionContext?.sessionIssuer?.arn ?? '';
  return (issuer.split('/').at(-1) ?? '').startsWith(ownRoles);
}

function whoOf({ userIdentity }: CloudTrailRecord): string {
  const { arn, invokedBy, type } = userIdentity ?? {};
  if (arn)
    return short(
      arn
        .split(':')
        .slice(5)
        .join(':')
        .replace(/^(assumed-role|user|role)\//, ''),
    );
  return short(invokedBy ?? type ?? 'unknown');
}

const rangesSchema = z.looseObject({ items: z.array(z.looseObject({ cidrIp: text, cidrIpv6: text, groupId: text })) });
const ruleSchema = z.looseObject({
  fromPort: z.optional(z.number()),
  toPort: z.optional(z.number()),
  ipRanges: z.optional(rangesSchema),
  ipv6Ranges: z.optional(rangesSchema),
  groups: z.optional(rangesSchema),
});
const rulesSchema = z.looseObject({ ipPermissions: z.looseObject({ items: z.array(ruleSchema) }) });

/** The first rule of a security group's change, in words; nothing for other requests. */
function detailOf(parameters: unknown): string | undefined {
  const parsed = rulesSchema.safeParse(parameters);
  const rule = parsed.success ? parsed.data.ipPermissions.items[0] : undefined;
  if (!rule) return undefined;
  const { fromPort, toPort } = rule;
  const ports =
    fromPort === undefined ? 'all ports' : fromPort === toPort ? `port ${fromPort}` : `ports ${fromPort} to ${toPort}`;
  const ranges = [rule.ipRanges, rule.ipv6Ranges, rule.groups].flatMap((one) => one?.items ?? []);
  const sources = ranges.flatMap(({ cidrIp, cidrIpv6, groupId }) => cidrIp ?? cidrIpv6 ?? groupId ?? []);
  return short(sources.length === 0 ? ports : `${ports} for ${sources.slice(0, 3).join(', ')}`);
}
