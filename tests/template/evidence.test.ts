import { packageStage } from '../../drill/packaging/package-stage';
import { resolveTemplate } from '../../drill/stack/resolve';
import { place } from '../../tools/template/samples';
import { withEvidence } from './packaged';

const stackOf = async (stage: string) => [...resolveTemplate(await packageStage(stage), place).values()];
const rightsIn = (stack: Awaited<ReturnType<typeof stackOf>>) =>
  stack.flatMap(({ type, logicalId, properties }) =>
    type === 'AWS::IAM::Role'
      ? ((properties.Policies ?? []) as { PolicyDocument: { Statement: Record<string, unknown>[] } }[])
          .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
          .filter(({ Action }) => JSON.stringify(Action ?? '').includes('s3:'))
          // The lists of patrols are in a bucket of their own, of which another test speaks.
          .filter(({ Resource }) => !/patrolbucket\/fleets\/\*"?\]?$/.test(JSON.stringify(Resource)))
          .map(({ Effect, Action, Resource }) => ({ logicalId, Effect, Action, Resource }))
      : [],
  );
const bucketIn = (stack: Awaited<ReturnType<typeof stackOf>>) =>
  stack.find(({ logicalId }) => logicalId === 'EvidenceBucket');

test('a stage that keeps evidence has a bucket that locks every version for its days', async () => {
  const bucket = bucketIn(await stackOf('prod'));

  expect(bucket?.properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: '400' } } },
  });
});

test('nobody may bypass a lock', async () => {
  const stack = await stackOf('prod');
  const policy = stack.find(({ logicalId }) => logicalId === 'EvidenceBucketPolicy')?.properties.PolicyDocument;

  expect((policy as { Statement: unknown[] }).Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:BypassGovernanceRetention',
      Resource: `${bucketIn(stack)?.arn}/*`,
    }),
  );
});

test('one step may write objects under the prefix, and no role has another right to the bucket', async () => {
  const stack = await stackOf('prod');
  const right = { Effect: 'Allow', Action: ['s3:PutObject'], Resource: `${bucketIn(stack)?.arn}/isolations/*` };

  expect(rightsIn(stack)).toEqual([{ logicalId: 'LockEvidenceIamRoleLambdaExecution', ...right }]);
});

test('a stage with 0 days has neither bucket nor rights nor the name of one', async () => {
  const stack = await stackOf('dev');
  const variables = stack.flatMap(({ properties }) => {
    const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return 'EVIDENCE_BUCKET' in Variables ? [Variables.EVIDENCE_BUCKET] : [];
  });

  expect(stack.filter(({ logicalId }) => logicalId.startsWith('Evidence'))).toEqual([]);
  expect(rightsIn(stack)).toEqual([]);
  expect(variables).toEqual(['', '']);
});

const snapshotRights = /^ec2:(LockSnapshot|DescribeLockedSnapshots|(Describe|Modify)SnapshotAttribute)$/;
const rightsToSnapshots = (stack: Awaited<ReturnType<typeof stackOf>>) =>
  stack.flatMap(({ type, properties }) =>
    type === 'AWS::IAM::Role'
      ? ((properties.Policies ?? []) as { PolicyDocument: { Statement: { Action?: string | string[] }[] } }[])
          .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
          .flatMap(({ Action = [] }) => [Action].flat().filter((action) => snapshotRights.test(action)))
      : [],
  );

test.each(['dev', 'staging', 'prod'])(
  'no role of %s may lock or share a snapshot unless the stage says so',
  async (stage) => {
    expect(rightsToSnapshots(await stackOf(stage))).toEqual([]);
  },
);

test('a stage that says so may do both, and judge both', async () => {
  const stack = [...resolveTemplate(withEvidence(await packageStage('dev')), place).values()];

  expect(rightsToSnapshots(stack).sort()).toEqual([
    'ec2:DescribeLockedSnapshots',
    'ec2:DescribeLockedSnapshots',
    'ec2:DescribeSnapshotAttribute',
    'ec2:LockSnapshot',
    'ec2:ModifySnapshotAttribute',
  ]);
});

test('one step may write the lists of patrols, their machine alone may read them, and S3 deletes them after a day', async () => {
  const stack = await stackOf('dev');
  const bucket = stack.find(({ logicalId }) => logicalId === 'PatrolBucket');
  const rights = stack.flatMap(({ type, logicalId, properties }) =>
    type === 'AWS::IAM::Role' && JSON.stringify(properties.Policies ?? '').includes('s3:') ? [logicalId] : [],
  );

  expect(rights.sort()).toEqual(['ListFleetIamRoleLambdaExecution', 'PatrolFleetStateMachineRole']);
  expect(bucket?.properties).toMatchObject({
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Prefix: 'fleets/', ExpirationInDays: 1 }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
});
