import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { accountSchema, plainNameSchema } from '../shared/identifiers';
import * as z from '../shared/schema';

/** Nobody has verified who calls: the request did not come through the function URL, signed. */
export class UnverifiedCallerError extends PlaybookError {}
/** The caller is verified, but may not answer: another account, or an instance instead of a person. */
export class CallerRefusedError extends PlaybookError {}

/** Who answers, as IAM verified it. */
export const callerSchema = z.object({
  accountId: accountSchema,
  /** Unique and never reused: `AIDA…` of a user, `AROA…` of a role. */
  principalId: plainNameSchema,
  arn: plainNameSchema,
  /** The session of a role; whoever assumes the role chooses it, unless its trust policy pins it. */
  session: z.optional(plainNameSchema),
});
export type Caller = z.output<typeof callerSchema>;

/** What Lambda adds to a request that IAM authorised. Source: Lambda developer guide, "Invoking Lambda function URLs". */
export const authorizedSchema = z.object({
  accountId: accountSchema,
  userArn: z.matching(/^arn:[\w-]+:(?:iam|sts)::\d{12}:[^\p{Cc}\p{Cf}]{1,512}$/u, 'the ARN of a caller'),
  userId: plainNameSchema,
});

/**
 * The verified caller of a request. Pure.
 * @param owner the account of the function, which the request names as well
 * @throws CallerRefusedError for another account, and for an instance's own role
 */
export function callerFrom(
  { accountId, userArn, userId }: z.output<typeof authorizedSchema>,
  owner: string,
  { ACCOUNT_IDS }: Pick<Config, 'ACCOUNT_IDS'>,
): Caller {
  const [, , , , arnAccount] = userArn.split(':');
  if (![accountId, arnAccount].every((one) => one === owner) || !ACCOUNT_IDS.includes(owner))
    throw new CallerRefusedError("The caller belongs to another account than the stage's: it may not answer.");
  const [principalId = '', ...rest] = userId.split(':');
  const session = rest.length > 0 ? rest.join(':') : undefined;
  // EC2 names the sessions of an instance's role after the instance.
  if (session && /^i-[0-9a-f]{8,17}$/.test(session))
    throw new CallerRefusedError('The caller is an instance, not a person: it may not answer.');
  return { accountId, principalId, arn: userArn, ...(session ? { session } : {}) };
}

/**
 * Whether two callers count as one person: the same principal in the same session, or sessions of one name, which an
 * identity provider gives each of its users. Pure.
 */
export function isSamePerson(some: Caller, other: Caller): boolean {
  if (some.session !== undefined && other.session !== undefined)
    return some.session.toLowerCase() === other.session.toLowerCase();
  return some.principalId === other.principalId && some.session === other.session;
}

/** Whether a person is the one who is named, by ARN, session or user name. Pure. */
export function isNamed({ arn, session }: Caller, name: string): boolean {
  const known = [arn, session, arn.split('/').at(-1)];
  return known.some((one) => one?.toLowerCase() === name.trim().toLowerCase());
}
