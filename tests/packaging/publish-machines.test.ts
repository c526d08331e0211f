import { publishMachines } from '../../packaging/publish-machines';

type Resources = Parameters<typeof publishMachines>[0];
const machine = (properties: Record<string, unknown> = {}): Resources => ({
  Restart: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{}', ...properties } },
});
const published = (resources: Resources) => {
  publishMachines(resources);
  return resources;
};
const versionOf = (resources: Resources) => published(resources).RestartVersion;

test('every machine gets an alias that points to the version of what is deployed', () => {
  const resources = published(machine());
  const [version = ''] = Object.keys(resources).filter((id) => id.startsWith('RestartVersion'));

  expect(resources[version]?.Properties).toMatchObject({ StateMachineArn: { Ref: 'Restart' } });
  expect(resources.RestartAlias?.Properties).toMatchObject({
    Name: 'live',
    DeploymentPreference: { StateMachineVersionArn: { Ref: version }, Type: 'ALL_AT_ONCE' },
  });
});

test('a version stays when the next one comes, so that there is a way back, but not after a deployment that fails', () => {
  const resources = published(machine());
  const version = Object.values(resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachineVersion');

  expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
});

test('a version is of the machine’s revision, so that whatever makes a new revision is a new version, and nothing else is', () => {
  const revision = { 'Fn::GetAtt': ['Restart', 'StateMachineRevisionId'] };

  for (const other of [machine(), machine({ DefinitionString: '{"StartAt":"x"}' }), machine({ Tags: [] })]) {
    expect(versionOf(other)?.Properties).toEqual({
      StateMachineArn: { Ref: 'Restart' },
      StateMachineRevisionId: revision,
    });
  }
});

test('an alias moves after what does not wait for it, and names only what nothing else waits for', () => {
  const { RestartAlias } = published({
    ...machine({ RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: { Type: 'AWS::IAM::Role' },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [{ Ref: 'Topic' }] } },
    Topic: { Type: 'AWS::SNS::Topic' },
    Rule: { Type: 'AWS::Events::Rule', DependsOn: 'RestartAlias' },
    Permission: { Type: 'AWS::Lambda::Permission', Properties: { SourceArn: { 'Fn::Sub': '${Rule.Arn}' } } },
    Subscription: { Type: 'AWS::SNS::Subscription', Condition: 'HasNoticeEmail' },
  });

  expect(RestartAlias?.DependsOn).toEqual(['Alarm']);
});
