import { DescribeInstancesCommand, EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { type FaultSpec, SimulatedCloud } from '../../../drill/cloud';
import { policySchema, trustSchema } from '../../../drill/cloud/iam/policy';
import type { Statement } from '../../../drill/cloud/iam/statement';
import { seededRandom } from '../../../drill/stack/ids';
import { cloudOf, refusal, seconds, timed } from '../../fixtures/cloud';

const hub = '123456789012';
const spoke = '210987654321';
const instanceId = 'i-0123456789abcdef0';
const RoleArn = `arn:aws:iam::${spoke}:role/incident-playbooks-dev-spoke-power`;
const functionRole = `arn:aws:iam::${hub}:role/incident-playbooks/dev-stop-instance`;
const opted = { 'incident-playbooks:enabled': 'true' };

const allow = (Action: string | string[], Resource: string, Condition: Statement['Condition'] = {}) => ({
  Effect: 'Allow' as const,
  Action,
  Resource,
  Condition,
});
const policy = (...Statement: object[]) => ({ Version: '2012-10-17' as const, Statement });
const trust = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${hub}:root` },
  Action: 'sts:AssumeRole',
  Condition: {
    StringEquals: { 'aws:PrincipalOrgID': 'o-drill12345', 'sts:ExternalId': 'drill' },
    ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${hub}:role/incident-playbooks/*` },
    StringLike: { 'aws:RequestTag/instance': 'i-*', 'sts:SourceIdentity': 'inc-*', 'sts:RoleSessionName': 'inc-*' },
  },
};
const asked: AssumeRoleCommandInput = {
  RoleArn,
  RoleSessionName: 'inc-1',
  SourceIdentity: 'inc-1',
  ExternalId: 'drill',
  DurationSeconds: 900,
  Tags: [{ Key: 'instance', Value: instanceId }],
};
const narrow = JSON.stringify(
  policy(allow('ec2:*', `arn:aws:ec2:us-east-1:${spoke}:instance/${instanceId}`), allow('ec2:Describe*', '*')),
);

/** The two others, which have neither external ID nor session name in their requests. */
const passOn = (Action: string | string[] = ['sts:TagSession', 'sts:SetSourceIdentity']) => ({
  Effect: 'Allow',
  Principal: trust.Principal,
  Action,
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-drill12345' } },
});

/** The hub and one spoke, which has one role. */
function worldOf(
  change: {
    trust?: object;
    passOn?: string;
    may?: object[];
    organizationId?: string | undefined;
    faults?: readonly FaultSpec[];
  } = {},
) {
  const { may = [allow(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], RoleArn)] } = change;
  const { cloud, client: sts } = cloudOf(STSClient, {
    organizationId: 'organizationId' in change ? change.organizationId! : 'o-drill12345',
    statementsOf: (name) => (name === 'stop' ? policySchema.parse(policy(...may)).Statement : undefined),
    roleArnOf: () => functionRole,
  });
  const other = new SimulatedCloud({
    account: spoke,
    region: 'us-east-1',
    random: seededRandom(2),
    emit: () => {},
    latencyMs: () => 0,
    beside: cloud,
    faults: change.faults ?? [],
  });
  const statements = policySchema.parse(
    policy(
      allow('ec2:Describe*', '*'),
      allow('ec2:StopInstances', 'arn:aws:ec2:*:*:instance/${aws:PrincipalTag/instance}', {
        StringEquals: { 'aws:ResourceTag/incident-playbooks:enabled': 'true' },
      }),
      allow(['sts:AssumeRole', 'sts:SetSourceIdentity'], '*'),
    ),
  ).Statement;
  cloud.accounts.sts.roles.set(RoleArn, {
    arn: RoleArn,
    account: spoke,
    name: RoleArn.split('/')[1]!,
    trust: trustSchema.parse(policy({ ...trust, ...change.trust }, passOn(change.passOn))),
    statements,
  });
  for (const one of [cloud, other]) one.ec2.launch({ instanceId, tags: opted });
  other.ec2.launch({ instanceId: 'i-00000000000000002', tags: opted });
  const asFunction = <T>(work: () => Promise<T>) =>
    cloud.asCaller({ functionName: 'stop', executionId: 'e', stateName: 'Stop instance' }, work);
  const assume = (input: Partial<AssumeRoleCommandInput> = {}) =>
    asFunction(() => sts.send(new AssumeRoleCommand({ ...asked, ...input })));
  return { cloud, other, sts, asFunction, assume };
}

/** An EC2 client with the credentials of a session. */
async function clientOf(world: ReturnType<typeof worldOf>, input: Partial<AssumeRoleCommandInput> = {}) {
  const { Credentials } = await world.assume(input);
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const credentials = {
    accessKeyId: AccessKeyId!,
    secretAccessKey: SecretAccessKey!,
    sessionToken: SessionToken!,
  };
  const client = new EC2Client({ region: 'us-east-1', credentials, maxAttempts: 1 });
  world.cloud.attach(client);
  return client;
}

const stop = (id = instanceId) => new StopInstancesCommand({ InstanceIds: [id] });

test(
  'a call goes to the account of its key, and leaves the same instance of the other alone',
  timed(async () => {
    const world = worldOf();
    const client = await clientOf(world, { Policy: narrow });

    await world.asFunction(() => client.send(stop()));

    expect(world.other.ec2.find(instanceId)?.state).toBe('stopping');
    expect(world.cloud.ec2.find(instanceId)?.state).toBe('running');
    expect(world.cloud.ledger.calls('AssumeRole')[0]).toMatchObject({ account: hub, region: 'us-east-1' });
    expect(world.cloud.ledger.calls('StopInstances')[0]).toMatchObject({
      account: spoke,
      session: { sessionName: 'inc-1', tags: { instance: instanceId } },
    });
  }),
);

test(
  'what a session may do is what its role and its own policy both allow',
  timed(async () => {
    const world = worldOf();
    const other = 'i-00000000000000002';
    const narrowed = await clientOf(world, { Policy: narrow });
    const tagged = await clientOf(world, { Tags: [{ Key: 'instance', Value: other }] });
    const onlyReads = await clientOf(world, { Policy: JSON.stringify(policy(allow('ec2:Describe*', '*'))) });

    expect(await refusal(narrowed.send(stop(other)))).toBe('UnauthorizedOperation');
    expect(await refusal(tagged.send(stop()))).toBe('UnauthorizedOperation');
    expect(await refusal(onlyReads.send(stop()))).toBe('UnauthorizedOperation');
    expect(await refusal(onlyReads.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })))).toBe('accepted');
    world.other.ec2.find(instanceId)?.setTag('incident-playbooks:enabled', 'false');
    expect(await refusal(narrowed.send(stop()))).toBe('UnauthorizedOperation');
    expect(await refusal(tagged.send(stop(other)))).toBe('accepted');
  }),
);

test(
  'a key ends with its session',
  timed(async () => {
    const world = worldOf();
    const client = await clientOf(world);
    await seconds(899);
    expect(await refusal(client.send(stop()))).toBe('accepted');
    await seconds(2);

    expect(await refusal(client.send(stop()))).toBe('RequestExpired');
  }),
);

test.each([
  ['no external ID', { ExternalId: undefined }],
  ['another external ID', { ExternalId: 'other' }],
  ['no tag that the trust asks for', { Tags: undefined }],
  ['a tag of another form', { Tags: [{ Key: 'instance', Value: 'eni-1' }] }],
  ['no source identity', { SourceIdentity: undefined }],
  ['a session of another name', { RoleSessionName: 'other' }],
  ['a role that does not exist', { RoleArn: `${RoleArn}-2` }],
  ['a role of another account', { RoleArn: RoleArn.replace(spoke, '333333333333') }],
])('a trust policy refuses %s, in the same words', (_what, change) =>
  timed(async () => {
    expect(await refusal(worldOf().assume(change))).toBe('AccessDenied');
  })(),
);

test.each([
  ['an account without the organisation', { organizationId: undefined }],
  ['another organisation', { organizationId: 'o-other12345' }],
  ['a trust in another account', { trust: { Principal: { AWS: 'arn:aws:iam::333333333333:root' } } }],
  [
    'a trust in other roles',
    { trust: { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${hub}:role/x/*` } } } },
  ],
  ['a trust that takes no tags', { passOn: 'sts:SetSourceIdentity' }],
  ['a trust that takes no source identity', { passOn: 'sts:TagSession' }],
  ['a trust that asks for the external ID with the tags too', { trust: { Action: 'sts:*' }, passOn: 'sts:AssumeRole' }],
  ['a trust that denies', { trust: { Effect: 'Deny' } }],
  ['a caller whose own role does not allow it', { may: [allow('ec2:*', '*')] }],
  ['a caller whose own role names another', { may: [allow('sts:*', `${RoleArn}-2`)] }],
  ['a caller who may not pass tags', { may: [allow(['sts:AssumeRole', 'sts:SetSourceIdentity'], RoleArn)] }],
])('nobody takes on a role by %s', (_what, change) =>
  timed(async () => {
    expect(await refusal(worldOf(change).assume())).toBe('AccessDenied');
  })(),
);

/** Bytes that do not get smaller when they are packed. */
const dense = (length: number) => {
  const random = seededRandom(length);
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
};

test.each([
  ['ValidationError', { DurationSeconds: 899 }],
  ['ValidationError', { DurationSeconds: 3_601 }],
  ['ValidationError', { DurationSeconds: 43_201 }],
  ['ValidationError', { RoleSessionName: 'a' }],
  ['ValidationError', { RoleSessionName: 'inc 1' }],
  ['ValidationError', { SourceIdentity: 'x'.repeat(65) }],
  ['ValidationError', { ExternalId: 'x' }],
  ['ValidationError', { RoleArn: 'incident-playbooks-dev-spoke-power' }],
  ['ValidationError', { Policy: narrow.padEnd(2_049) }],
  ['ValidationError', { Tags: [...Array(51).keys()].map((n) => ({ Key: `k${n}`, Value: 'v' })) }],
  [
    'ValidationError',
    {
      Tags: [
        { Key: 'instance', Value: 'a' },
        { Key: 'Instance', Value: 'b' },
      ],
    },
  ],
  ['ValidationError', { Tags: [{ Key: 'instance', Value: 'x'.repeat(257) }] }],
  ['ValidationError', { Tags: [{ Key: 'aws:instance', Value: 'x' }] }],
  ['MalformedPolicyDocumentException', { Policy: '{' }],
  ['MalformedPolicyDocumentException', { Policy: JSON.stringify(policy(trust)) }],
  ['PackedPolicyTooLargeException', { Tags: [1, 2, 3, 4, 5].map((n) => ({ Key: `k${n}`, Value: dense(250 + n) })) }],
])('STS answers with %s to %o', (name, change) =>
  timed(async () => {
    expect(await refusal(worldOf().assume(change))).toBe(name);
  })(),
);

test(
  'a policy of 2,048 characters and a session of 3,600 seconds are taken',
  timed(async () => {
    const { PackedPolicySize, Credentials } = await worldOf().assume({
      Policy: narrow.padEnd(2_048),
      DurationSeconds: 3_600,
    });

    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(Credentials!.Expiration).toEqual(new Date(Date.now() + 3_600_000));
    expect(Credentials!.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  }),
);

test(
  'STS that is not activated for the account that is asked says so',
  timed(async () => {
    const world = worldOf();
    world.cloud.accounts.sts.notActivated.add(spoke);

    expect(await refusal(world.assume())).toBe('RegionDisabledException');
  }),
);

/** What comes after the first look into a spoke: of a stop in the same session, and of a new session. */
test.each([
  ['sessions-expire', 'RequestExpired', 'accepted'],
  ['spoke-roles-removed', 'UnauthorizedOperation', 'AccessDenied'],
  ['spoke-deactivated', 'accepted', 'RegionDisabledException'],
])(
  '%s: sessions that are there are answered %s, and new ones %s',
  timed(async (name: string, there: string, anew: string) => {
    const world = worldOf({ faults: [{ name, after: 'DescribeInstances' }] });
    const client = await clientOf(world);
    const look = () => world.asFunction(() => client.send(new DescribeInstancesCommand({})));

    expect(await refusal(world.asFunction(() => client.send(stop('i-00000000000000002'))))).not.toBe('RequestExpired');
    expect(await refusal(world.assume())).toBe('accepted');
    await look();

    expect(await refusal(world.asFunction(() => client.send(stop())))).toBe(there);
    expect(await refusal(world.assume())).toBe(anew);
  }),
);

test(
  'a source identity stays through a chain of roles',
  timed(async () => {
    const world = worldOf();
    const { Credentials } = await world.assume();
    const sts = new STSClient({
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: 'x', sessionToken: 'x' },
    });
    world.cloud.attach(sts);
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    const next = `${RoleArn}-next`;
    const open = trustSchema.parse(policy({ Effect: 'Allow', Principal: '*', Action: 'sts:*' }));
    const { roles } = world.cloud.accounts.sts;
    roles.set(next, { ...roles.get(RoleArn)!, arn: next, trust: open });
    const as = (SourceIdentity?: string) =>
      refusal(sts.send(new AssumeRoleCommand({ RoleArn: next, RoleSessionName: 'inc-1', SourceIdentity })));

    expect(identity).toMatchObject({ Account: spoke, Arn: RoleArn });
    expect(await as('inc-2')).toBe('AccessDenied');
    expect(await as('inc-1')).toBe('accepted');
    expect(await as()).toBe('accepted');
  }),
);

test(
  'a key that nobody issued is no account’s',
  timed(async () => {
    const { cloud } = worldOf();
    const credentials = { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' };
    const client = new EC2Client({ region: 'us-east-1', maxAttempts: 1, credentials });
    cloud.attach(client);

    expect(await refusal(client.send(stop()))).toBe('UnknownKeyError');
  }),
);
