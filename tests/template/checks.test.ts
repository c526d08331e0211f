import { checks, runChecks } from '../../tools/template/checks';
import { suppressions, withoutSuppressed } from '../../tools/template/checks/suppressions';
import { validate } from '../../tools/template/validator';
import { access } from './mistakes/access';
import { type Plant, type PlantedIn, set } from './mistakes/plants';
import { wholeTemplate } from './packaged';

const stages = ['dev', 'staging', 'prod'];
const sentence = ({ check, at, what }: { check: string; at: string; what: string }) => `${check}: ${at} ${what}`;
const planted = async (plant: Plant) => {
  const template = await wholeTemplate('dev');
  plant(template.Resources);
  return template;
};

test.each(stages)('nothing is found in the template of %s that has no reason', async (stage) => {
  const template = await wholeTemplate(stage);
  const found = withoutSuppressed([...runChecks(template), ...validate(JSON.stringify(template))]);

  expect(found.map(sentence)).toEqual([]);
});

const brokenMachine: Plant = (resources) => {
  const DefinitionString = '{"StartAt":"B","States":{"A":{"Type":"Pass","End":true}}}';
  const Properties = { RoleArn: 'arn:aws:iam::111122223333:role/r', DefinitionString };
  resources.Broken = { Type: 'AWS::StepFunctions::StateMachine', Properties };
};
describe('a planted mistake is found:', () => {
  test.each<PlantedIn>([
    ...access,
    [
      'table without a key',
      set('IncidentsTable', 'Properties.SSESpecification', undefined),
      'encryption: IncidentsTable is not',
    ],
    [
      'topic in plain text',
      set('NoticesTopic', 'Properties.KmsMasterKeyId', undefined),
      'encryption: NoticesTopic is not',
    ],
    [
      'queue in plain text',
      set('DeadLetterQueue', 'Properties.SqsManagedSseEnabled', false),
      'encryption: DeadLetterQueue',
    ],
    [
      'bucket in plain text',
      set('ServerlessDeploymentBucket', 'Properties.BucketEncryption', undefined),
      'encryption: Serverless',
    ],
    ['key that never rotates', set('NoticesKey', 'Properties.EnableKeyRotation', false), 'encryption: NoticesKey'],
    [
      'no point-in-time recovery',
      set('IncidentsTable', 'Properties.PointInTimeRecoverySpecification', undefined),
      'backups: IncidentsTable has no',
    ],
    [
      'deletion by one call',
      set('IncidentsTable', 'Properties.DeletionProtectionEnabled', false),
      'backups: IncidentsTable may',
    ],
    [
      'a table that no rollback can delete',
      set('IncidentsTable', 'Properties.DeletionProtectionEnabled', true),
      'retries: IncidentsTable cannot',
    ],
    [
      'a table that stays after a rollback',
      set('IncidentsTable', 'DeletionPolicy', 'Retain'),
      'retries: IncidentsTable stays',
    ],
    [
      'records that go with the stack',
      set('IncidentsTable', 'DeletionPolicy', 'Delete'),
      'backups: IncidentsTable goes',
    ],
    ['silence on what stays', set('MachineLogGroup', 'UpdateReplacePolicy', undefined), 'policies: MachineLogGroup'],
    ['logs for ever', set('FunctionLogGroup', 'Properties.RetentionInDays', undefined), 'logs: FunctionLogGroup'],
    ['functions whose log group is missing', (r) => delete r.FunctionLogGroup, 'logs: StopInstanceLambdaFunction'],
    [
      'a function that writes to a group of its own',
      set('StopInstanceLambdaFunction', 'Properties.LoggingConfig', undefined),
      'logs: StopInstanceLambdaFunction',
    ],
    [
      'a machine that logs nothing',
      set('PatchInstanceStateMachine', 'Properties.LoggingConfiguration', undefined),
      'logs: PatchInstanceStateMachine logs nothing',
    ],
    [
      'a machine that logs its state',
      set('PatchInstanceStateMachine', 'Properties.LoggingConfiguration.IncludeExecutionData', true),
      'logs: PatchInstanceStateMachine logs what',
    ],
    [
      'a rule without a queue',
      set('PatrolFleetRule', 'Properties.Targets.0.DeadLetterConfig', undefined),
      'deadLetters: PatrolFleetRule has no',
    ],
    [
      'a rule that retries for a day',
      set('PatrolFleetRule', 'Properties.Targets.0.RetryPolicy', undefined),
      'deadLetters: PatrolFleetRule does not',
    ],
    [
      'an asynchronous function without a queue',
      set('CloseOrphanLambdaFunction', 'Properties.DeadLetterConfig', undefined),
      'deadLetters: CloseOrphanLambdaFunction',
    ],
    [
      'dead letters for four days',
      set('DeadLetterQueue', 'Properties.MessageRetentionPeriod', undefined),
      'deadLetters: DeadLetterQueue',
    ],
    [
      'a function without traces',
      set('StopInstanceLambdaFunction', 'Properties.TracingConfig', undefined),
      'tracing: StopInstance',
    ],
    [
      'a machine without traces',
      set('PatchInstanceStateMachine', 'Properties.TracingConfiguration.Enabled', false),
      'tracing: PatchInstance',
    ],
    [
      'a bucket that may be public',
      set('ServerlessDeploymentBucket', 'Properties.PublicAccessBlockConfiguration.BlockPublicPolicy', false),
      'access: Serverless',
    ],
    [
      'a topic that takes plain text',
      set('NoticesTopicPolicy', 'Properties.PolicyDocument.Statement.1.Condition', undefined),
      'transport: NoticesTopic takes',
    ],
    ['a queue without a policy', (r) => delete r.DeadLetterQueuePolicy, 'transport: DeadLetterQueue takes'],
    [
      'a secret by its name',
      set('StopInstanceLambdaFunction', 'Properties.Environment.Variables.API_KEY', 'abc'),
      'secrets: StopInstanceLambdaFunction.Environment.Variables.API_KEY',
    ],
    [
      'a secret by its looks',
      set('StopInstanceLambdaFunction', 'Properties.Description', `AKIA${'A'.repeat(16)}`),
      'secrets: StopInstanceLambdaFunction.Description',
    ],
    ['a missing tag', set('NoticesTopic', 'Properties.Tags', []), 'tags: NoticesTopic has the tag Project not'],
    [
      'a rule that starts the machine itself',
      set('PatrolFleetRule', 'Properties.Targets.0.Arn', { Ref: 'PatrolFleetStateMachine' }),
      'aliases: PatrolFleetRule',
    ],
    ['a machine without an alias', (r) => delete r.PatrolFleetStateMachineAlias, 'aliases: PatrolFleetStateMachine'],
    [
      'more resources than a stack may have',
      (r) => {
        for (let i = 0; i < 200; i += 1) r[`R${i}`] = r.NoticesTopic!;
      },
      'quotas: Resources',
    ],
  ])('%s', async (_what, plant, finding) => {
    const [check] = finding.split(':') as [string];
    const found = checks[check]!(await planted(plant)).map((one) => sentence({ check, ...one }));

    expect(found).toContainEqual(expect.stringContaining(finding));
  });

  test.each<PlantedIn>([
    [
      'a value that the schema does not know',
      set('IncidentsTable', 'Properties.BillingMode', 'FREE'),
      'IncidentsTable.Properties.BillingMode',
    ],
    ['a machine that starts at a state which does not exist', brokenMachine, 'Broken.Properties.DefinitionString'],
  ])('%s, by AWS’s validator', async (_what, plant, finding) => {
    const [id] = finding.split('.') as [string];
    const { Resources, ...template } = await planted(plant);
    // The whole template takes it several seconds.
    const alone = { ...template, Resources: { [id]: Resources[id] }, Outputs: {} };

    expect(validate(JSON.stringify(alone)).map(sentence)).toContainEqual(expect.stringContaining(finding));
  });
});

test('reserved concurrency is asked of every function where nothing suppresses it', async () => {
  const found = withoutSuppressed(runChecks(await wholeTemplate('dev')), []).filter(
    ({ check }) => check === 'concurrency',
  );

  expect(found).toContainEqual(expect.objectContaining({ at: 'StopInstanceLambdaFunction' }));
});

test('a secret that is looked up when the stack is deployed is none in plain text', async () => {
  const looked = '{{resolve:secretsmanager:token:SecretString}}';
  const template = await planted(set('StopInstanceLambdaFunction', 'Properties.Environment.Variables.API_KEY', looked));

  expect(runChecks(template).filter(({ check }) => check === 'secrets')).toEqual([]);
});

test('a suppression that suppresses nothing is itself found', () => {
  const stale = { check: 'tags', at: /^Nobody$/, reason: 'there was one once' };

  expect(withoutSuppressed([], [stale])).toEqual([{ check: 'tags', at: '/^Nobody$/', what: expect.any(String) }]);
});

test('every suppression says why', () => {
  for (const { reason } of suppressions) expect(reason.split(' ').length).toBeGreaterThan(5);
});
