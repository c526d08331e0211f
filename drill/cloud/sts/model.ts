import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { serviceError } from '../errors';
import type { ConditionValues } from '../iam/conditions';
import { type Call, reads, type ServiceModel } from '../service';
import { checkRequest } from './limits';
import { mayAssume, type Principal, type Role } from './roles';
import { type IssuedKeys, sessionArn } from './session';

interface StsParts {
  keys: IssuedKeys;
  /** Who makes a call. */
  principalOf: (call: Call) => Principal;
}

/**
 * Simulated STS: roles of other accounts are taken on where the caller's policies and the role's trust policy allow it.
 * Source: STS API reference, AssumeRole, GetCallerIdentity.
 */
export class StsModel implements ServiceModel {
  readonly service = 'sts';
  /** The roles of other accounts, by ARN. */
  readonly roles = new Map<string, Role>();
  /** Accounts for which STS is not activated in the region. */
  readonly notActivated = new Set<string>();

  constructor(private readonly parts: StsParts) {}

  readonly commands = {
    AssumeRole: reads<AssumeRoleCommandInput, AssumeRoleCommandOutput>((input, call) => {
      const { policy, packedPercent } = checkRequest(input);
      const { RoleArn = '', RoleSessionName = '', SourceIdentity, DurationSeconds = 3_600, Tags = [] } = input;
      call.touch(RoleArn);
      const account = RoleArn.split(':')[4] ?? '';
      // Source: the same, errors: the account is the one that is asked for credentials.
      if (this.notActivated.has(account)) {
        const what = `STS is not activated in this region for account: ${account}. Your account administrator can activate STS in this region using the IAM Console.`;
        throw serviceError('sts', 'RegionDisabledException', what, 403);
      }
      const principal = this.parts.principalOf(call);
      const role = this.allowedRole(input, principal);
      const now = Date.now();
      const session = this.parts.keys.issue({
        account,
        roleArn: role.arn,
        roleName: role.name,
        sessionName: RoleSessionName,
        sourceIdentity: SourceIdentity ?? principal.sourceIdentity,
        tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
        granted: role.statements,
        policy,
        issuedAt: now,
        expiresAt: now + DurationSeconds * 1000,
      });
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: 'simulated',
          SessionToken: `token-of-${session.accessKeyId}`,
          Expiration: new Date(session.expiresAt),
        },
        AssumedRoleUser: {
          AssumedRoleId: `AROA${role.name.slice(0, 16).toUpperCase()}:${RoleSessionName}`,
          Arn: sessionArn(RoleArn, RoleSessionName),
        },
        PackedPolicySize: packedPercent,
        ...(session.sourceIdentity && { SourceIdentity: session.sourceIdentity }),
      };
    }),
    GetCallerIdentity: reads<object, GetCallerIdentityCommandOutput>((_input, call) => {
      const { account, arn } = this.parts.principalOf(call);
      return { Account: account, Arn: arn, UserId: 'AROASIMULATED' };
    }),
  };

  /** @throws AccessDenied also for a role that does not exist: STS tells nobody which */
  private allowedRole(input: AssumeRoleCommandInput, principal: Principal): Role {
    const { RoleArn = '', SourceIdentity, Tags = [] } = input;
    const role = this.roles.get(RoleArn);
    // Source: IAM user guide, "Permissions required to add session tags"; "Monitor and control actions taken with assumed roles".
    const needed = [
      'sts:AssumeRole',
      ...(Tags.length > 0 ? ['sts:TagSession'] : []),
      ...(SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ];
    const refused = needed.find(
      (action) => !role || !mayAssume(action, principal, role, valuesIn(action, input, principal, role)),
    );
    // A source identity stays as it was first set, through every role of a chain. Source: the same.
    const kept = principal.sourceIdentity ?? SourceIdentity;
    const isChanged = SourceIdentity !== undefined && SourceIdentity !== kept;
    if (role && refused === undefined && !isChanged) return role;
    const what = `User: ${principal.arn} is not authorized to perform: ${refused ?? 'sts:SetSourceIdentity'} on resource: ${RoleArn}`;
    throw serviceError('sts', 'AccessDenied', what, 403);
  }
}

/**
 * The condition keys of an AssumeRole request for one of its actions; the external ID and the session's name are keys of
 * AssumeRole alone, and a key that the request does not have is not there.
 * Source: IAM user guide, "IAM and AWS STS condition context keys", "AWS global condition context keys"; Service
 * Authorization Reference, "AWS Security Token Service"; AWS What's New, 2022-04-27 (`aws:ResourceAccount` in AssumeRole).
 */
function valuesIn(
  action: string,
  input: AssumeRoleCommandInput,
  { arn, account, organizationId }: Principal,
  role: Role,
): ConditionValues {
  const tags = (input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
  const optional = (value: string | undefined) => (value === undefined ? [] : [value]);
  const known: Record<string, readonly string[]> = {
    'aws:principalarn': [arn],
    'aws:principalaccount': [account],
    'aws:principalorgid': optional(organizationId),
    ...(action === 'sts:AssumeRole' && {
      'aws:resourceaccount': [role.account],
      'sts:externalid': optional(input.ExternalId),
      'sts:rolesessionname': optional(input.RoleSessionName),
    }),
    'sts:sourceidentity': optional(input.SourceIdentity),
    'aws:tagkeys': tags.map(([key]) => key),
    'sts:transitivetagkeys': input.TransitiveTagKeys ?? [],
  };
  const ofTag = 'aws:requesttag/';
  return (key) =>
    key.startsWith(ofTag)
      ? tags.flatMap(([name, value]) => (name.toLowerCase() === key.slice(ofTag.length) ? value : []))
      : (known[key] ?? []);
}
