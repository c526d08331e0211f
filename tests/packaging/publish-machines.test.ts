import { publishMachines } from '../../packaging/publish-machines';

type Resources = Parameters<typeof publishMachines>[0];
const machine = (properties: Record<string, unknown> = {}): Resources => ({
  Restart: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{}', ...properties } },
});
const published = (resources: Resources) => {
  publishMachines(resources);
  return resources;
};
const versionOf = (resources: Resources) => Object.keys(published(resources)).find((id) => /Version\w+$/.test(id));

test('every machine gets an alias that points to the version of what is deployed', () => {
  const resources = published(machine());
  const [version = ''] = Object.keys(resources).filter((id) => id.startsWith('RestartVersion'));

  expect(resources[version]?.Properties).toEqual({ StateMachineArn: { Ref: 'Restart' } });
  expect(resources.RestartAlias?.Properties).toMatchObject({
    Name: 'live',
    DeploymentPreference: { StateMachineVersionArn: { Ref: version }, Type: 'ALL_AT_ONCE' },
  });
});

test('a version stays when the next one comes, so that there is a way back', () => {
  const resources = published(machine());
  const version = Object.values(resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachineVersion');

  expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('a changed definition is a new version, a changed tag is not', () => {
  const before = versionOf(machine());

  expect(versionOf(machine({ DefinitionString: '{"StartAt":"x"}' }))).not.toBe(before);
  expect(versionOf(machine({ Tags: [{ Key: 'a', Value: 'b' }] }))).toBe(before);
});
