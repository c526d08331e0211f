import { resolveTemplate } from '../../../drill/stack/resolve';
import { parseTemplate, TemplateError } from '../../../drill/stack/template';

const place = { account: '123456789012', region: 'eu-central-1', stackName: 'playbooks-dev' };

function resolveValue(value: unknown, rest: Record<string, unknown> = {}): unknown {
  const template = parseTemplate(
    JSON.stringify({
      ...rest,
      Resources: {
        Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'incidents' } },
        Stop: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: { 'Fn::Sub': 'stop-${AWS::Region}' } } },
        StopVersion: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Stop' } } },
        Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'left' } },
        Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'restart' } },
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'stop-role' } },
        Probe: { Type: 'Custom::Probe', Properties: { value } },
      },
    }),
    'template',
  );
  return resolveTemplate(template, place).get('Probe')?.properties.value;
}

describe('intrinsic functions', () => {
  test.each([
    ['Ref of a table is its name', { Ref: 'Table' }, 'incidents'],
    ['Ref of a topic is its ARN', { Ref: 'Topic' }, 'arn:aws:sns:eu-central-1:123456789012:playbooks-dev-Topic'],
    ['Ref of a queue is its URL', { Ref: 'Queue' }, 'https://sqs.eu-central-1.amazonaws.com/123456789012/left'],
    [
      'Ref of a state machine is its ARN',
      { Ref: 'Machine' },
      'arn:aws:states:eu-central-1:123456789012:stateMachine:restart',
    ],
    ['Ref of a pseudo parameter', { Ref: 'AWS::AccountId' }, '123456789012'],
    [
      'GetAtt as a list',
      { 'Fn::GetAtt': ['Stop', 'Arn'] },
      'arn:aws:lambda:eu-central-1:123456789012:function:stop-eu-central-1',
    ],
    [
      'Ref of a function version is its ARN',
      { Ref: 'StopVersion' },
      'arn:aws:lambda:eu-central-1:123456789012:function:stop-eu-central-1:1',
    ],
    ['GetAtt as a string', { 'Fn::GetAtt': 'Table.Arn' }, 'arn:aws:dynamodb:eu-central-1:123456789012:table/incidents'],
    ['an IAM ARN has no region', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::123456789012:role/stop-role'],
    [
      'Sub with resources and attributes',
      { 'Fn::Sub': '${Table}/${Queue.Arn}' },
      'incidents/arn:aws:sqs:eu-central-1:123456789012:left',
    ],
    ['Sub with its own variables', { 'Fn::Sub': ['${a}-${b}', { a: { Ref: 'Table' }, b: 2 }] }, 'incidents-2'],
    ['Sub leaves ${!x} as ${x}', { 'Fn::Sub': '${!Literal}' }, '${Literal}'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }]] }, 'a/incidents'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['nested in lists and objects', [{ x: { Ref: 'Table' } }], [{ x: 'incidents' }]],
    [
      'a property called Condition stays',
      { Condition: { Bool: { y: 'true' } } },
      { Condition: { Bool: { y: 'true' } } },
    ],
  ])('%s', (_title, value, expected) => {
    expect(resolveValue(value)).toEqual(expected);
  });

  const Conditions = {
    Prod: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    Not: { 'Fn::Not': [{ Condition: 'Prod' }] },
    Odd: { 'Fn::Not': [{ 'Fn::Join': ['', ['a']] }] },
  };

  test('If takes the branch of its condition, also one made of others', () => {
    expect(resolveValue({ 'Fn::If': ['Prod', 'yes', 'no'] }, { Conditions })).toBe('no');
    expect(resolveValue({ 'Fn::If': ['Not', 'yes', 'no'] }, { Conditions })).toBe('yes');
  });

  test('a condition that is none is an error that names it', () => {
    expect(() => resolveValue({ 'Fn::If': ['Odd', 'yes', 'no'] }, { Conditions })).toThrow(/Conditions\.Odd/);
  });

  test('AWS::NoValue removes the property', () => {
    expect(resolveValue({ a: { 'Fn::If': ['Prod', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, { Conditions })).toEqual({
      b: 2,
    });
  });

  test('a mapping is looked up', () => {
    const Mappings = { Size: { dev: { memory: 256 } } };
    expect(resolveValue({ 'Fn::FindInMap': ['Size', 'dev', 'memory'] }, { Mappings })).toBe(256);
  });

  test('a parameter takes its default', () => {
    const Parameters = { Id: { Type: 'String', Default: 'i-0123456789abcdef0' } };
    expect(resolveValue({ Ref: 'Id' }, { Parameters })).toBe('i-0123456789abcdef0');
  });
});

test('a resource whose condition is false is not in the stack', () => {
  const text = JSON.stringify({
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { Kept: { Type: 'AWS::SNS::Topic' }, Gone: { Type: 'AWS::SNS::Topic', Condition: 'Never' } },
  });

  expect([...resolveTemplate(parseTemplate(text, 'template'), place).keys()]).toEqual(['Kept']);
});

test.each([
  ['a resource that is missing', { Ref: 'Tabel' }, /Probe\.value.*Tabel/],
  [
    'a function that no functions.yml names',
    { Ref: 'CountTagsLambdaFunction' },
    /CountTags.*does serverless.yml list the functions.yml/,
  ],
  ['an attribute that is not known', { 'Fn::GetAtt': ['Table', 'Colour'] }, /Colour/],
  ['a function that is not supported', { 'Fn::ImportValue': 'x' }, /Fn::ImportValue/],
  ['a condition that is missing', { 'Fn::If': ['Nope', 1, 2] }, /Nope/],
])('%s is an error that names it', (_title, value, message) => {
  expect(() => resolveValue(value)).toThrow(message);
  expect(() => resolveValue(value)).toThrow(TemplateError);
});

test('a file that is no template is named', () => {
  expect(() => parseTemplate('{"Resources": {"A": {}}}', 'dev.json')).toThrow(/dev\.json: Resources\.A\.Type/);
  expect(() => parseTemplate('{', 'dev.json')).toThrow(/dev\.json is not JSON/);
});
