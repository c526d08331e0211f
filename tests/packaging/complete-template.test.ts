import { type Completion, completeTemplate } from '../../packaging/complete-template';

const tags = { Project: 'incident-playbooks', Stage: 'dev' };
const role = (principal: unknown, statement: Record<string, unknown> = { Action: [], Resource: '*' }) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Resource: '*', Principal: principal }] },
    Policies: [{ PolicyDocument: { Statement: [statement] } }],
  } as Record<string, unknown>,
});
type Resources = Parameters<typeof completeTemplate>[0]['Resources'];
const completed = <T extends Resources>(Resources: T, said: Partial<Completion> = {}) => {
  completeTemplate({ Resources }, { tags, reservedConcurrency: 0, revokeSessions: 'ask', customerKeyArn: '', ...said });
  return Resources;
};

test('the role that functions would share goes away', () => {
  expect(Object.keys(completed({ IamRoleLambdaExecution: role({ Service: 'lambda.amazonaws.com' }) }))).toEqual([]);
});

test('what has no tags gets the tags of the stack, and a tag that stands there twice stays once', () => {
  const twice = [
    { Key: 'Stage', Value: 'dev' },
    { Key: 'Stage', Value: 'dev' },
    { Key: 'Own', Value: 'x' },
  ];
  const { logs, machine } = completed({
    logs: { Type: 'AWS::Logs::LogGroup', Properties: {} as Record<string, unknown> },
    machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { Tags: twice } as Record<string, unknown> },
  });

  expect(logs.Properties.Tags).toEqual([
    { Key: 'Project', Value: 'incident-playbooks' },
    { Key: 'Stage', Value: 'dev' },
  ]);
  expect(machine.Properties.Tags).toEqual([
    { Key: 'Project', Value: 'incident-playbooks' },
    { Key: 'Stage', Value: 'dev' },
    { Key: 'Own', Value: 'x' },
  ]);
});

test('only its own machine, in any version or child execution, may take a machine’s role', () => {
  const named = (StateMachineName: string, roleId: string) => ({
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { StateMachineName, RoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] } } as Record<string, unknown>,
  });
  const { machineRole, lambda } = completed({
    machine: named('patrol', 'machineRole'),
    other: named('restart', 'otherRole'),
    machineRole: role({ Service: { 'Fn::Sub': 'states.${AWS::Region}.amazonaws.com' } }),
    lambda: role({ Service: ['lambda.amazonaws.com'] }),
  });
  const arn = 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:patrol';

  expect(machineRole.Properties.AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: { 'aws:SourceArn': [{ 'Fn::Sub': arn }, { 'Fn::Sub': `${arn}:*` }, { 'Fn::Sub': `${arn}/*` }] },
        },
      },
    ],
  });
  expect(JSON.stringify(lambda.Properties.AssumeRolePolicyDocument)).not.toContain('Condition');
});

test('each role that a stage names is a resource of its own', () => {
  const passing = (arn: string) => ({ Effect: 'Allow', Action: 'iam:PassRole', Resource: { 'Fn::Sub': arn } });
  const resourceOf = (roles: string) => {
    const { one } = completed({
      one: role(
        { Service: 'lambda.amazonaws.com' },
        passing(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${roles}`),
      ),
    });
    return (one.Properties.Policies as { PolicyDocument: { Statement: { Resource: unknown }[] } }[])[0]!.PolicyDocument
      .Statement[0]!.Resource;
  };
  const arn = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}` });

  expect(resourceOf('web-*,batch/*')).toEqual([arn('web-*'), arn('batch/*')]);
  expect(resourceOf('*')).toEqual([arn('*')]);
});

test('where sessions are never revoked, no role may write a policy on another; what denies it stays', () => {
  const statements = () => [
    { Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: '*' },
    { Effect: 'Deny', Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], Resource: '*' },
    { Effect: 'Allow', Action: ['iam:GetInstanceProfile'], Resource: '*' },
  ];
  const left = (revokeSessions: 'never' | 'ask') => {
    const lambda = role({ Service: ['lambda.amazonaws.com'] });
    lambda.Properties.Policies = [{ PolicyDocument: { Statement: statements() } }];
    const { Policies } = completed({ lambda }, { revokeSessions }).lambda.Properties;
    return (Policies as [{ PolicyDocument: { Statement: unknown[] } }])[0].PolicyDocument.Statement;
  };

  expect(left('never')).toEqual(statements().slice(1));
  expect(left('ask')).toEqual(statements());
});

test('a function may not make its log group again, which would have no retention', () => {
  const logs = { Action: ['logs:CreateLogStream', 'logs:CreateLogGroup', 'logs:PutLogEvents'], Resource: ['*'] };
  completed({ lambda: role({ Service: ['lambda.amazonaws.com'] }, logs) });

  expect(logs.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
});

test('a machine may call versions of its functions only', () => {
  const version = { 'Fn::Sub': ['${functionArn}:*', { functionArn: { 'Fn::GetAtt': ['F', 'Arn'] } }] };
  const invoke = { Action: ['lambda:InvokeFunction'], Resource: [{ 'Fn::GetAtt': ['F', 'Arn'] }, version] };
  completed({ machine: role({ Service: 'states.amazonaws.com' }, invoke) });

  expect(invoke.Resource).toEqual([version]);
});

test('a Distributed Map gets no right to the rule by which nested executions are waited for', () => {
  const rule = 'arn:aws:events:x:1:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';
  const machineRole = role({ Service: 'states.amazonaws.com' }, { Action: ['events:PutRule'], Resource: [rule] });
  completed({ machine: machineRole });

  expect(machineRole.Properties.Policies).toEqual([{ PolicyDocument: { Statement: [] } }]);
});

test('a function’s dead letters go to a queue, which the plugin took for a topic', () => {
  const queue = { 'Fn::GetAtt': ['Letters', 'Arn'] };
  const send = { Action: ['sns:Publish'], Resource: queue };
  const publish = { Action: ['sns:Publish'], Resource: { Ref: 'Topic' } };
  const lambda = { Service: ['lambda.amazonaws.com'] };
  completed({ Letters: { Type: 'AWS::SQS::Queue' }, a: role(lambda, send), b: role(lambda, publish) });

  expect(send).toEqual({ Action: ['sqs:SendMessage'], Resource: queue });
  expect(publish.Action).toEqual(['sns:Publish']);
});

test('what keeps something says whether it goes with the stack; what was said stands', () => {
  const { logs, table } = completed<Resources>({
    logs: { Type: 'AWS::Logs::LogGroup', Properties: {} },
    table: { Type: 'AWS::DynamoDB::Table', Properties: {}, DeletionPolicy: 'Retain' },
  });

  expect(logs).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('a function’s version stays with the function, but not after a deployment that fails', () => {
  const { version } = completed<Resources>({
    version: { Type: 'AWS::Lambda::Version', Properties: {}, DeletionPolicy: 'Retain' },
  });

  expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
});

test('functions reserve concurrency where the stage says so, and keep what they say themselves', () => {
  const functions = (): Resources => ({
    a: { Type: 'AWS::Lambda::Function', Properties: {} },
    b: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 7 } },
  });
  const reserved = (resources: Resources) =>
    Object.values(resources).map(({ Properties }) => Properties?.ReservedConcurrentExecutions);

  expect(reserved(completed(functions()))).toEqual([undefined, 7]);
  expect(reserved(completed(functions(), { reservedConcurrency: 2 }))).toEqual([2, 7]);
});

test('records and logs are encrypted under the customer’s key where the stage names one', () => {
  const key = 'arn:aws:kms:us-east-1:111122223333:key/abc';
  const keeping = (): Resources => ({
    logs: { Type: 'AWS::Logs::LogGroup', Properties: {} },
    table: { Type: 'AWS::DynamoDB::Table', Properties: { SSESpecification: { SSEEnabled: true } } },
  });
  const { logs, table } = completed(keeping(), { customerKeyArn: key });

  expect(logs?.Properties).toMatchObject({ KmsKeyId: key });
  expect(table?.Properties?.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key });
  expect(completed(keeping()).table?.Properties?.SSESpecification).toEqual({ SSEEnabled: true });
});

test("a customer's key encrypts the bucket that locks evidence, and not the deployment's", () => {
  const key = 'arn:aws:kms:us-east-1:111122223333:key/abc';
  const buckets = (): Resources => ({
    evidence: { Type: 'AWS::S3::Bucket', Properties: { ObjectLockEnabled: true } },
    deployment: { Type: 'AWS::S3::Bucket', Properties: {} },
  });
  const { evidence, deployment } = completed(buckets(), { customerKeyArn: key });

  expect(evidence?.Properties?.BucketEncryption).toEqual({
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key }, BucketKeyEnabled: true },
    ],
  });
  expect(deployment?.Properties).not.toHaveProperty('BucketEncryption');
  expect(completed(buckets()).evidence?.Properties).not.toHaveProperty('BucketEncryption');
});
test('a machine’s definition and history are encrypted under the customer’s key, which its role may use for it alone', () => {
  const key = 'arn:aws:kms:us-east-1:111122223333:key/abc';
  const machine = (): Resources => ({
    machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { StateMachineName: 'patrol', RoleArn: { 'Fn::GetAtt': ['machineRole', 'Arn'] } },
    },
    machineRole: role({ Service: 'states.amazonaws.com' }),
    other: role({ Service: 'lambda.amazonaws.com' }),
  });
  const statementsOf = (one: Resources[string] | undefined) => {
    const [policy] = one!.Properties!.Policies as { PolicyDocument: { Statement: unknown[] } }[];
    return policy!.PolicyDocument.Statement;
  };
  const own = 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:patrol';
  const encrypted = completed(machine(), { customerKeyArn: key });

  expect(encrypted.machine?.Properties?.EncryptionConfiguration).toEqual({
    Type: 'CUSTOMER_MANAGED_KMS_KEY',
    KmsKeyId: key,
    KmsDataKeyReusePeriodSeconds: 300,
  });
  expect(statementsOf(encrypted.machineRole).slice(1)).toEqual([
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: key,
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': { 'Fn::Sub': own } } },
    },
    {
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: key,
      Condition: {
        StringEquals: {
          'kms:EncryptionContext:SourceArn': {
            'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*',
          },
        },
      },
    },
  ]);
  expect(JSON.stringify(encrypted.other)).not.toContain('kms:');
  expect(completed(machine()).machine?.Properties?.EncryptionConfiguration).toBeUndefined();
});
