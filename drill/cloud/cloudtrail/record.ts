import { arnOf } from '../arn';

/** A management event of somebody's, as a drill plants it. */
export interface PlantedEvent {
  /** Epoch milliseconds. */
  at: number;
  eventName: string;
  /** `ec2.amazonaws.com`. */
  eventSource: string;
  /** The name by which LookupEvents finds it; what root does may have none. */
  resource?: string | undefined;
  userArn: string;
  /** What `userArn` is; a session of a role unless given. */
  identity?: 'role' | 'user' | 'root' | undefined;
  accessKeyId?: string | undefined;
  from: string;
  readOnly: boolean;
  errorCode?: string | undefined;
  requestParameters?: Record<string, unknown> | undefined;
  eventType?: string | undefined;
  additionalEventData?: Record<string, unknown> | undefined;
  responseElements?: Record<string, unknown> | undefined;
  /** How long CloudTrail takes to deliver it. */
  delayMs: number;
}

/** The name that LookupEvents finds an event by: of a session of a role its name, and `root` for the root user. */
export function usernameOf({ userArn, identity = 'role' }: Pick<PlantedEvent, 'userArn' | 'identity'>): string {
  return identity === 'root' ? 'root' : (userArn.split('/').at(-1) ?? '');
}

/**
 * An event as a trail delivers it and as LookupEvents has it as text.
 * Source: CloudTrail user guide, "CloudTrail record contents", "CloudTrail userIdentity element".
 */
export function recordOf(
  event: PlantedEvent & { id: string },
  { account, region }: { account: string; region: string },
): object {
  const { at, id, eventName, eventSource, from, readOnly, errorCode, requestParameters, eventType } = event;
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(event, { account, region }),
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: from,
    eventID: id,
    readOnly,
    eventType: eventType ?? (eventName === 'ConsoleLogin' ? 'AwsConsoleSignIn' : 'AwsApiCall'),
    ...(errorCode ? { errorCode } : {}),
    requestParameters: requestParameters ?? null,
    ...(event.additionalEventData ? { additionalEventData: event.additionalEventData } : {}),
    ...(event.responseElements ? { responseElements: event.responseElements } : {}),
  };
}

function identityOf(event: PlantedEvent, place: { account: string; region: string }): object {
  const accountId = place.account;
  const { userArn: arn, identity = 'role', accessKeyId } = event;
  const key = accessKeyId ? { accessKeyId } : {};
  if (identity === 'root')
    return { type: 'Root', principalId: accountId, arn: arnOf(place, 'iam', 'root'), accountId, ...key };
  if (identity === 'user') return { type: 'IAMUser', arn, accountId, userName: usernameOf(event), ...key };
  const role = arn.split('/')[1] ?? '';
  const sessionIssuer = { type: 'Role', arn: arnOf(place, 'iam', `role/${role}`), accountId, userName: role };
  return { type: 'AssumedRole', arn, accountId, ...key, sessionContext: { sessionIssuer } };
}
