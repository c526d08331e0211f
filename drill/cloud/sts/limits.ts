import { deflateRawSync } from 'node:zlib';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { serviceError } from '../errors';
import { policySchema } from '../iam/policy';
import type { Statement } from '../iam/statement';

/** Bounds of AssumeRole's parameters. Source: STS API reference, AssumeRole, "Request Parameters"; IAM user guide, "Session tags". */
const shortestSeconds = 900;
const longestSeconds = 43_200;
/** Role chaining ends after an hour, whatever the role allows. Source: the same, DurationSeconds; IAM user guide, "Role chaining". */
const chainedSeconds = 3_600;
const policyCharacters = 2_048;
const mostPolicyArns = 10;
const mostTags = 50;
const name = /^[\w+=,.@-]{2,64}$/;
const externalId = /^[\w+=,.@:/-]{2,1224}$/;
const roleArn = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const tagKey = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * Bytes of packed policies and tags. AWS publishes neither the format nor the size; packed like this, the readable text of a
 * policy fills it at about its 2,048 characters, as users report. Source: STS API reference, PackedPolicySize.
 */
const packedBytes = 700;

/**
 * Refuses a request whose parameters are out of their bounds.
 * @throws ValidationError, MalformedPolicyDocumentException or PackedPolicyTooLargeException
 * @returns the session policy, if the request has one, and the share of the packed size that is used, in percent
 */
export function checkRequest(input: AssumeRoleCommandInput): { policy?: Statement[]; packedPercent: number } {
  const { RoleArn = '', RoleSessionName = '', SourceIdentity, ExternalId, Policy, PolicyArns = [], Tags = [] } = input;
  if (!roleArn.test(RoleArn)) throw invalid('roleArn', 'a role’s ARN');
  if (!name.test(RoleSessionName)) throw invalid('roleSessionName', String(name));
  if (SourceIdentity !== undefined && !name.test(SourceIdentity)) throw invalid('sourceIdentity', String(name));
  if (ExternalId !== undefined && !externalId.test(ExternalId)) throw invalid('externalId', String(externalId));
  if (PolicyArns.length > mostPolicyArns) throw invalid('policyArns', `at most ${mostPolicyArns}`);
  checkSeconds(input.DurationSeconds);
  checkTags(Tags);
  const packedPercent = packed(`${Policy ?? ''}${Tags.map(({ Key, Value }) => `${Key}=${Value}`).join(';')}`);
  if ((Policy?.length ?? 0) > policyCharacters) throw invalid('policy', `length at most ${policyCharacters}`);
  const policy = Policy === undefined ? undefined : readPolicy(Policy);
  if (packedPercent > 100)
    throw serviceError(
      'sts',
      'PackedPolicyTooLargeException',
      `Packed policy consumes ${packedPercent}% of allotted space, please use smaller policy.`,
    );
  return { ...(policy && { policy }), packedPercent };
}

/** Source: STS API reference, AssumeRole, DurationSeconds; whoever calls here is a role already. */
function checkSeconds(seconds: number = chainedSeconds): void {
  if (seconds < shortestSeconds || seconds > longestSeconds)
    throw invalid('durationSeconds', `${shortestSeconds} to ${longestSeconds}`);
  if (seconds <= chainedSeconds) return;
  const what = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
  throw serviceError('sts', 'ValidationError', what);
}

/** Source: IAM user guide, "Pass session tags in AWS STS", "Things to know about session tags": keys ignore case. */
function checkTags(tags: NonNullable<AssumeRoleCommandInput['Tags']>): void {
  if (tags.length > mostTags) throw invalid('tags', `at most ${mostTags}`);
  for (const { Key = '', Value = '' } of tags)
    if (!tagKey.test(Key) || !tagValue.test(Value) || /^aws:/i.test(Key))
      throw invalid('tags', 'keys and values of tags');
  const keys = tags.map(({ Key = '' }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length) throw invalid('tags', 'keys that differ');
}

/** @throws MalformedPolicyDocumentException */
function readPolicy(text: string): Statement[] {
  try {
    return policySchema.parse(JSON.parse(text)).Statement;
  } catch (cause) {
    const error = serviceError(
      'sts',
      'MalformedPolicyDocumentException',
      'The policy is not in the valid JSON format.',
    );
    throw Object.assign(error, { cause });
  }
}

const packed = (text: string) => (text === '' ? 0 : Math.ceil((deflateRawSync(text).length / packedBytes) * 100));

const invalid = (field: string, wanted: string) =>
  serviceError(
    'sts',
    'ValidationError',
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: expected ${wanted}`,
  );
