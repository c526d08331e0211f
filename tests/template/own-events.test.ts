import { packageStage } from '../../drill/packaging/package-stage';
import { matchesPattern } from '../../drill/stack/pattern';
import { resolveTemplate } from '../../drill/stack/resolve';
import { eventSchemas, eventSource } from '../../functions/record/event-schema';
import { place } from '../../tools/template/samples';

const stackOf = async () => [...resolveTemplate(await packageStage('dev'), place).values()];

test('an event of ours starts nothing of ours, not even one that looks like an alarm: rules hear AWS alone', async () => {
  const rules = (await stackOf()).filter(({ type }) => type === 'AWS::Events::Rule');
  const patterns = rules.flatMap(({ properties }) => (properties.EventPattern ? [properties.EventPattern] : []));
  const detail = { alarmName: 'restart-instance-dev-cpu-high', state: { value: 'ALARM' }, severity: 9 };
  const types = [...Object.keys(eventSchemas), 'CloudWatch Alarm State Change', 'GuardDuty Finding'];

  expect(patterns.length).toBeGreaterThan(4);
  for (const pattern of patterns) {
    expect((pattern as { source: string[] }).source.filter((one) => !one.startsWith('aws.'))).toEqual([]);
    for (const type of types)
      expect(matchesPattern(pattern, { source: eventSource, 'detail-type': type, detail } as never)).toBe(false);
  }
});

test('one function alone may put events, on the one bus, and only as this product', async () => {
  const roles = (await stackOf()).filter(({ type }) => type === 'AWS::IAM::Role');
  const rights = roles.flatMap(({ logicalId, properties }) =>
    ((properties.Policies ?? []) as { PolicyDocument: { Statement: Record<string, unknown>[] } }[])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('events:PutEvents'))
      .map(({ Resource, Condition }) => ({ logicalId, Resource, Condition })),
  );

  expect(rights).toEqual([
    {
      logicalId: 'ResendNoticesIamRoleLambdaExecution',
      Resource: expect.stringMatching(/:event-bus\/default$/),
      Condition: {
        'ForAllValues:StringEquals': { 'events:source': eventSource },
        Null: { 'events:source': 'false' },
      },
    },
  ]);
});
