import { join } from 'node:path';
import { readDefinitions } from '../../../drill/report/definitions';
import { readParts } from '../../../tools/docs/parts';
import { manualStartCommand, startsOf } from '../../../tools/docs/starts';
import { drill } from '../../fixtures/drill';

const root = join(__dirname, '..', '..', '..');
const examples = [...readDefinitions(root).keys()]
  .map((name) => ({ name, input: readParts(root, name).manualStart }))
  .filter(({ input }) => input.start === 'manual');

test.each(examples)('the command on the page of $name is one that the machine understands', async ({ name, input }) => {
  const result = await drill({ playbook: name, starts: { by: 'manual', input }, fleet: [{}] });

  expect(result.executions).toHaveLength(1);
  // Input that does not fit is rejected with the field's name, which begins with "event".
  expect(result.incidents.map(({ reason }) => reason).join()).not.toContain('event.');
});

describe('a machine that is started by its alias', () => {
  const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:tell-team';
  const one = (type: string, logicalId: string, properties: Record<string, unknown>) =>
    ({ type, logicalId, ref: logicalId, arn, properties }) as const;
  const machine = one('AWS::StepFunctions::StateMachine', 'TellTeamStateMachine', {});
  const alias = one('AWS::StepFunctions::StateMachineAlias', 'TellTeamStateMachineAlias', { Name: 'live' });
  const rule = one('AWS::Events::Rule', 'Hourly', {
    Name: 'hourly',
    Description: 'Each hour',
    ScheduleExpression: 'rate(1 hour)',
    Targets: [{ Arn: `${arn}:live`, Input: '{"a":1}' }],
  });

  test('is found among the targets of rules', () => {
    expect(startsOf(arn, [rule])).toEqual([
      'Each hour: the rule `hourly`, on the schedule `rate(1 hour)` (UTC) with `{"a":1}`.',
    ]);
    expect(startsOf(arn.replace('tell', 'tel'), [rule])).toEqual([]);
  });

  test('is started by hand by the alias too, where there is one', () => {
    expect(manualStartCommand(machine, [machine, alias], {})).toContain('stateMachine:tell-team:live \\');
    expect(manualStartCommand(machine, [machine], {})).toContain('stateMachine:tell-team \\');
  });
});
