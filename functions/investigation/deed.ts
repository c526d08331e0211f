import { type CloudTrailRecord, cloudTrailRecordSchema } from '../shared/cloudtrail-record';
import { oneLine } from '../shared/plain-text';

/** Who did something. What outsiders chose of it is shown as text and decides nothing. */
export interface Identity {
  kind: 'root' | 'user' | 'role' | 'service' | 'other';
  /** As people name it: `alice`, or the role with its session. */
  name: string;
  /** The name of the IAM user, or of the role; only if it is one that IAM accepts. */
  iamName?: string | undefined;
  /** Only if it has the form of an access key's ID. */
  accessKeyId?: string | undefined;
  /** The name that CloudTrail finds its events by. */
  userName?: string | undefined;
}

/** Something that an identity did, as CloudTrail recorded it. */
export interface Deed {
  /** ISO 8601, UTC. */
  at: string;
  what: string;
  from: string;
  region: string;
  by: Identity;
  readOnly: boolean;
  /** AWS's error code, for what was tried and refused. */
  refused?: string | undefined;
  /** The `name` of the request, such as a trail's; only if it is a plain one. */
  about?: string | undefined;
}

/** A line of a trail as a deed. @returns undefined for a line that is no record of CloudTrail */
export function toDeed(line: string): Deed | undefined {
  const record = parsed(line);
  if (!record || Number.isNaN(Date.parse(record.eventTime))) return undefined;
  const { eventName, sourceIPAddress, awsRegion, errorCode, readOnly, requestParameters } = record;
  const about = plainName(requestParameters?.name);
  return {
    at: new Date(record.eventTime).toISOString(),
    what: short(eventName),
    from: short(sourceIPAddress ?? 'unknown'),
    region: short(awsRegion ?? 'unknown'),
    by: identityOf(record),
    readOnly: readOnly === true,
    ...(errorCode ? { refused: short(errorCode) } : {}),
    ...(about ? { about } : {}),
  };
}

function parsed(line: string): CloudTrailRecord | undefined {
  try {
    const found = cloudTrailRecordSchema.safeParse(JSON.parse(line));
    return found.success ? found.data : undefined;
  } catch (error) {
    // A log may have other lines too.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const short = (value: string) => oneLine(value).slice(0, 80);
/** Source: IAM user guide, "IAM and AWS STS quotas": names; the same for names of trails and ARNs of them. */
const plainName = (value: unknown) =>
  typeof value === 'string' && /^[\w+=,.@:/-]{1,128}$/.test(value) ? value : undefined;
const keyForm = /^A[KS]IA[A-Z2-7]{12,28}$/;

function identityOf({ userIdentity }: CloudTrailRecord): Identity {
  const { type, arn, userName, accessKeyId, invokedBy, sessionContext } = userIdentity ?? {};
  const issuer = sessionContext?.sessionIssuer;
  const key = accessKeyId && keyForm.test(accessKeyId) ? { accessKeyId } : {};
  const own = (arn ?? '').split(':').slice(5).join(':');
  if (type === 'Root') return { kind: 'root', name: 'the root user', userName: 'root', ...key };
  if (type === 'IAMUser') {
    const name = short(userName ?? own.replace(/^user\//, ''));
    return { kind: 'user', name, iamName: plainName(userName), userName: userName ?? undefined, ...key };
  }
  if (type === 'AssumedRole') {
    const role = issuer?.userName ?? issuer?.arn?.split('/').at(-1) ?? own.split('/')[1];
    const name = short(own.replace(/^assumed-role\//, '') || (role ?? 'a role'));
    return {
      kind: 'role',
      name,
      iamName: plainName(role),
      userName: own.split('/').slice(2).join('/') || undefined,
      ...key,
    };
  }
  if (type === 'AWSService') return { kind: 'service', name: short(invokedBy ?? 'an AWS service') };
  const name = short(userName ?? (own || (invokedBy ?? type ?? 'unknown')));
  return { kind: 'other', name, userName: userName ?? undefined, ...key };
}

/** Whether it was one of this stage's own roles. */
export const isOwn = ({ by }: Deed, stage: string): boolean =>
  by.kind === 'role' && (by.iamName ?? '').startsWith(`incident-playbooks-${stage}-`);
