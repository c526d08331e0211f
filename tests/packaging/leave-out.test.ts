import { leaveOutUnnamed, TooManyResourcesError } from '../../packaging/leave-out';

const has = (name: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] });
const filter = (Condition: string, Properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::Logs::MetricFilter',
  Condition,
  Properties,
});
const made = (trail: string, more: Record<string, ReturnType<typeof filter>> = {}) => ({
  Parameters: { Trail: { Default: trail }, Flow: { Default: '' } },
  Conditions: {
    HasTrail: has('Trail'),
    HasFlow: has('Flow'),
    HasEither: { 'Fn::Or': [{ Condition: 'HasTrail' }, { Condition: 'HasFlow' }] },
    KeepsEvidence: { 'Fn::Not': [{ 'Fn::Equals': ['0', '0'] }] },
  },
  Resources: { Topic: { Type: 'AWS::SNS::Topic' }, Filter: filter('HasTrail'), ...more },
  Outputs: {},
});
const left = (template: ReturnType<typeof made>) => {
  leaveOutUnnamed(template);
  return Object.keys(template.Resources);
};

test('what a stage names no log group for is left out, and what it names one for stays', () => {
  expect(left(made(''))).toEqual(['Topic']);
  expect(left(made('/trail'))).toEqual(['Topic', 'Filter']);
});

test('a condition of several is left out where none of them holds', () => {
  expect(left(made('', { Either: filter('HasEither') }))).toEqual(['Topic']);
  expect(left(made('/trail', { Either: filter('HasEither') }))).toEqual(['Topic', 'Filter', 'Either']);
});

test('what something refers to stays, and goes with what refers to it', () => {
  const alarm = { Alarm: filter('HasFlow', { Name: { Ref: 'Filter' } }) };
  expect(left(made('', alarm))).toEqual(['Topic']);

  const kept = { Alarm: filter('HasNothingKnown', { Name: { 'Fn::Sub': '${Filter}' } }) };
  expect(left(made('', kept))).toEqual(['Topic', 'Filter', 'Alarm']);
  expect(left({ ...made(''), Outputs: { Name: { Value: { Ref: 'Filter' } } } })).toEqual(['Topic', 'Filter']);
});

test('a condition on no parameter changes nothing', () => {
  expect(left(made('/trail', { Bucket: filter('KeepsEvidence') }))).toEqual(['Topic', 'Filter', 'Bucket']);
});

test('more resources than a stack takes are refused, with what to leave out', () => {
  const many = Object.fromEntries(Array.from({ length: 499 }, (_, i) => [`F${i}`, filter('HasTrail')]));

  expect(() => left(made('/trail', many))).toThrow(TooManyResourcesError);
  expect(() => left(made('/trail', many))).toThrow(/has 501 resources, and a stack takes 500\. Leave out/);
  expect(left(made('', many))).toEqual(['Topic']);
});
