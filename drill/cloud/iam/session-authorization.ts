import type { Place } from '../accounts';
import { arnOf } from '../arn';
import { deniedNameOf, isShortNamed } from '../behaviour/status';
import { serviceError } from '../errors';
import type { ActiveFault } from '../faults/fault';
import type { LedgerEntry } from '../ledger';
import type { ServiceName } from '../service';
import { type IssuedKeys, type Session, sessionArn, valuesOfSession } from '../sts/session';
import { actionOf } from './action';
import { allows } from './policy';
import type { Statement } from './statement';

type Tags = ReadonlyMap<string, string>;
type TagsOf = (instanceId: string) => Tags | undefined;

/**
 * Refuses what a session of a role may not do: its role and the session policy must both allow the action on each instance
 * and interface that the request names; the tags of an instance count as they are now. What a request names besides is
 * taken for allowed where the action is at all.
 * Source: IAM user guide, "Policies and permissions", "Session policies": what results is what both allow.
 */
export function judgeSessions(keys: IssuedKeys, place: Place, tagsOf: TagsOf): ActiveFault {
  return {
    before: ({ entry }) => {
      const session = keys.find(entry.session?.accessKeyId ?? '');
      // STS judges itself whom a role may take on, and tells everybody who they are.
      if (!session || entry.service === 'sts') return undefined;
      if (session.expiresAt <= Date.now()) throw expired(entry.service);
      const action = actionOf(entry);
      const refused = resourcesIn(entry, place).find((named) => !mayDo(session, action, named, tagsOf));
      if (refused) throw denied(entry.service, action, refused.arn ?? '*', session);
      return undefined;
    },
  };
}

/** What a request is about, for IAM: an ARN, or (without one) anything. */
interface Named {
  arn?: string;
  instanceId?: string;
}

function resourcesIn({ service, command, input }: LedgerEntry, place: Place): Named[] {
  // Source: Service Authorization Reference, EC2: of Describe actions, those of one attribute alone have resources.
  if (service === 'ec2' && /^Describe(?!\w+Attribute$)/.test(command)) return [{ arn: '*' }];
  const ids = [...JSON.stringify(input ?? {}).matchAll(/"((?:i|eni)-[0-9a-f]{8,17})"/g)].map(([, id = '']) => id);
  const kind = (id: string) => (id.startsWith('i-') ? 'instance' : 'network-interface');
  const named = service === 'ec2' || service === 'ssm' ? [...new Set(ids)] : [];
  if (named.length === 0) return [{}];
  return named.map((id) => ({
    arn: arnOf(place, 'ec2', `${kind(id)}/${id}`),
    ...(id.startsWith('i-') && { instanceId: id }),
  }));
}

function mayDo(session: Session, action: string, named: Named, tagsOf: TagsOf): boolean {
  const tags = named.instanceId === undefined ? undefined : tagsOf(named.instanceId);
  // What does not exist is refused by the service itself.
  if (named.instanceId !== undefined && !tags) return true;
  const own = valuesOfSession(session);
  const values = (key: string) => (tags && isTag(key) ? tagged(tags, key) : own(key));
  const isKnown = (key: string) => (isTag(key) ? tags !== undefined : /^aws:(principal|sourceidentity)/.test(key));
  const sets = [session.granted, ...(session.policy ? [session.policy] : [])];
  return sets.every((statements) => {
    const judged = statements.flatMap((one) => knownPart(one, isKnown));
    if (named.arn !== undefined) return allows(judged, action, named.arn, values);
    return judged.some((one) => allows([{ ...one, Resource: ['*'] }], action, '*', values));
  });
}

const isTag = (key: string) => /^(aws|ec2):resourcetag\//.test(key);
const tagged = (tags: Tags, key: string) =>
  [...tags].filter(([one]) => one.toLowerCase() === key.slice(key.indexOf('/') + 1)).map(([, value]) => value);

/** Keys that this cloud has no values of are taken for met in what allows, and for not met in what denies. */
function knownPart(statement: Statement, isKnown: (key: string) => boolean): Statement[] {
  const keys = Object.values(statement.Condition).flatMap((one) => Object.keys(one));
  if (keys.every((key) => isKnown(key.toLowerCase()))) return [statement];
  if (statement.Effect === 'Deny') return [];
  const known = Object.entries(statement.Condition).map(([operator, one]) => [
    operator,
    Object.fromEntries(Object.entries(one).filter(([key]) => isKnown(key.toLowerCase()))),
  ]);
  return [{ ...statement, Condition: Object.fromEntries(known) }];
}

/**
 * EC2 has its own code for expired credentials, which its API reference gives to old requests alone; it is what users are
 * answered. Source: aws-sdk-java#1443 (EC2, code and status); "Common errors" of the others' API references; S3 API
 * reference, "Error responses"; aws-sdk-go#253 for the three codes.
 */
function expired(service: ServiceName): Error {
  if (service === 'ec2') return serviceError(service, 'RequestExpired', 'Request has expired.', 400);
  const code = isShortNamed(service) ? 'ExpiredToken' : 'ExpiredTokenException';
  return serviceError(service, code, 'The security token included in the request is expired', 403);
}

function denied(service: ServiceName, action: string, resource: string, session: Session): Error {
  const who = sessionArn(session.roleArn, session.sessionName);
  return serviceError(
    service,
    deniedNameOf(service),
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource}`,
    403,
  );
}
