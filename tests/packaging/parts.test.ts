import { withParts } from '../../packaging/parts';

const parts = {
  Rule: {
    '<id>': { Type: 'AWS::Events::Rule', Properties: { Name: 'rule-<name>', Threshold: '<threshold>' } },
    '<id>Role': { Type: 'Part::Role', Properties: { of: '<id>' } },
  },
  Role: { '<id>': { Type: 'AWS::IAM::Role', Properties: { RoleName: 'for-<of>' } } },
  Circle: { '<id>': { Type: 'Part::Circle' } },
};
const use = (Type: string, Properties: Record<string, unknown> = {}) => ({ One: { Type, Properties } });

test('a part takes the place of the resource that names it, with its properties in the blanks, and has parts itself', () => {
  const queue = { Type: 'AWS::SQS::Queue', DependsOn: 'One' };

  expect(withParts({ ...use('Part::Rule', { name: 'x', threshold: 3 }), Queue: queue }, parts)).toEqual({
    One: { Type: 'AWS::Events::Rule', Properties: { Name: 'rule-x', Threshold: 3 } },
    OneRole: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'for-One' } },
    Queue: queue,
  });
});

test('what a value says is left as it is, whatever it looks like', () => {
  const pattern = '{ $.a < 3 && "<name>" }';

  expect(withParts(use('Part::Role', { of: pattern }), parts)).toMatchObject({
    One: { Properties: { RoleName: `for-${pattern}` } },
  });
});

test.each([
  ['a part that does not exist', use('Part::Alarm'), 'One: there is no part "Alarm"'],
  ['a part of which every object has one', use('Part::constructor'), 'One: there is no part "constructor"'],
  ['a blank without a value', use('Part::Rule', { name: 'x' }), 'One: <threshold> is missing'],
  ['a value without a blank', use('Part::Role', { of: 'x', to: 'y' }), 'One: the part "Role" has no <to>'],
  ['a part that holds itself', use('Part::Circle'), 'One: there is no part "Circle"'],
  [
    'a resource that a part makes, too',
    { OneRole: { Type: 'AWS::IAM::Role' }, ...use('Part::Rule', { name: 'x', threshold: 1 }) },
    'One: the resource OneRole is defined twice',
  ],
])('%s is refused, by the name of the resource', (_what, resources, message) => {
  expect(() => withParts(resources, parts)).toThrow(message);
});
