import { underConditions } from '../../packaging/under-conditions';

const statement = (Resource: unknown) => ({ Effect: 'Allow', Action: 's3:PutObject', Resource });
const role = (...Statement: unknown[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyDocument: { Statement } }] },
});
const statementsAfter = (one: unknown) => {
  const Resources = {
    Kept: { Type: 'AWS::S3::Bucket', Condition: 'Keeps' },
    Other: { Type: 'AWS::S3::Bucket' },
    Role: role(one),
  };
  underConditions(Resources);
  return Resources.Role.Properties.Policies[0]!.PolicyDocument.Statement;
};

test.each([
  ['Ref', { Ref: 'Kept' }],
  ['GetAtt', { 'Fn::GetAtt': ['Kept', 'Arn'] }],
  ['Sub', { 'Fn::Sub': '${Kept.Arn}/prefix/*' }],
])('a statement that refers to a conditional resource by %s has its condition', (_how, resource) => {
  const one = statement(resource);

  expect(statementsAfter(one)).toEqual([{ 'Fn::If': ['Keeps', one, { Ref: 'AWS::NoValue' }] }]);
});

test.each([
  ['a resource without a condition', { Ref: 'Other' }],
  ['a resource whose name only begins like it', { 'Fn::Sub': '${KeptToo.Arn}' }],
  ['no resource', '*'],
])('a statement about %s stays as it is', (_what, resource) => {
  const one = statement(resource);

  expect(statementsAfter(one)).toEqual([one]);
});
