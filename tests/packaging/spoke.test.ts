import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { CompiledTemplate } from '../../packaging/complete-template';
import { prepareHub, TooManySpokesError, tellFunctions } from '../../packaging/spoke/hub';
import { forwardedPatterns } from '../../packaging/spoke/patterns';
import { parseStages, StageParamError } from '../../packaging/stages';

const accounts = ['444455556666', '777788889999'];
const spokes = { stage: 'dev', accounts, organizationId: 'o-abcdefghij' };

const configured = () => ({
  functions: {
    stopInstance: { environment: { SPOKE_CAPABILITY: 'power', SETTING: 'one' } },
    watchInstance: { environment: { SPOKE_CAPABILITY: 'read' } },
    planAction: {},
  },
  provider: { environment: { STAGE: 'dev', ACCOUNT_IDS: { Ref: 'AWS::AccountId' }, SPOKE_EXTERNAL_ID: '' } },
});

const template = (): CompiledTemplate => ({
  Resources: {
    StopInstanceLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: { Variables: { SPOKE_CAPABILITY: 'power' } },
        Role: { 'Fn::GetAtt': ['StopInstanceRole', 'Arn'] },
      },
    },
    PlanActionLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: { Role: { 'Fn::GetAtt': ['PlanActionRole', 'Arn'] } },
    },
    StopInstanceRole: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [] } }] } },
    PlanActionRole: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [] } }] } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { source: ['aws.health'], 'detail-type': ['AWS Health Event'] } },
    },
  },
});

test('a stage without spokes is configured and packaged as if there were none in the code', () => {
  const config = configured();
  const compiled = template();

  tellFunctions(config, []);
  prepareHub(compiled, { ...spokes, accounts: [] });

  expect(JSON.stringify(config)).toBe(
    JSON.stringify({
      functions: { stopInstance: { environment: { SETTING: 'one' } }, watchInstance: {}, planAction: {} },
      provider: { environment: { STAGE: 'dev', ACCOUNT_IDS: { Ref: 'AWS::AccountId' } } },
    }),
  );
  expect(JSON.stringify(compiled)).toBe(JSON.stringify(template()));
});

test('functions are told of their own account first, then of the spokes', () => {
  const config = configured();

  tellFunctions(config, accounts);

  expect(config.provider.environment.ACCOUNT_IDS).toEqual({
    'Fn::Sub': '${AWS::AccountId},444455556666,777788889999',
  });
  expect(config.functions.stopInstance.environment).toEqual({ SPOKE_CAPABILITY: 'power', SETTING: 'one' });
});

test('a function may take on the role of its own capability in the listed accounts, and one without takes on none', () => {
  const compiled = template();

  prepareHub(compiled, spokes);

  const statements = (id: string) =>
    (compiled.Resources[id]!.Properties!.Policies as { PolicyDocument: { Statement: unknown[] } }[])[0]!.PolicyDocument
      .Statement;
  expect(statements('StopInstanceRole')).toEqual([
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      Resource: accounts.map((account) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:role/incident-playbooks-dev-spoke-power`,
      })),
    },
  ]);
  expect(statements('PlanActionRole')).toEqual([]);
});

test('the bus takes events of the listed accounts, of the organisation, sent by a rule of the stage, of known services', () => {
  const compiled = template();

  prepareHub(compiled, spokes);

  const { Statement } = compiled.Resources.SpokeEventsPolicy!.Properties as {
    Statement: { Condition: Record<string, Record<string, unknown>> };
  };
  expect(Statement.Condition).toEqual({
    StringEquals: {
      'aws:PrincipalOrgID': 'o-abcdefghij',
      'aws:PrincipalAccount': accounts,
      'events:source': ['aws.health'],
    },
    Bool: { 'events:eventBusInvocation': 'true' },
    ArnLike: {
      'aws:SourceArn': {
        'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:*:rule/incident-playbooks-dev-spoke-*',
      },
    },
  });
});

test('more accounts than a role has room for are refused, naming the role', () => {
  const many = Array.from({ length: 150 }, (_, index) => String(100_000_000_000 + index));

  expect(() => prepareHub(template(), { ...spokes, accounts: many })).toThrow(TooManySpokesError);
  expect(() => prepareHub(template(), { ...spokes, accounts: many })).toThrow(/^StopInstanceRole .*150 spokeAccounts/);
});

const stageWith = (params: Record<string, string>) =>
  parseStages(parse(readFileSync(join(__dirname, '../../resources/stages.yml'), 'utf8')), 'dev', params);

test.each([
  [{ spokeAccounts: '444455556666' }, /needs organizationId\n.*needs spokeExternalId/],
  [{ spokeAccounts: '444455556666,444455556666' }, /an account is named twice/],
  [{ spokeAccounts: '4444' }, /expected account IDs/],
  [{ organizationId: 'my-company' }, /expected the ID of an organisation/],
  [{ spokeExternalId: 'short' }, /expected 16 characters or more/],
])('params of spokes that do not fit are refused: %j', (params, why) => {
  expect(() => stageWith(params)).toThrow(StageParamError);
  expect(() => stageWith(params)).toThrow(why);
});

const rule = (pattern: object) => ({ Type: 'AWS::Events::Rule', Properties: { EventPattern: pattern } });
const states = (...values: string[]) => ({
  source: ['aws.ec2'],
  'detail-type': ['EC2 Instance State-change Notification'],
  detail: { state: values },
});

test('an event that two rules of the hub wait for is forwarded once, by one pattern as wide as both', () => {
  const patterns = forwardedPatterns({ One: rule(states('stopped')), Two: rule(states('running', 'stopped')) });

  expect(patterns).toEqual([{ ...states('stopped', 'running'), source: 'aws.ec2' }]);
});

test('a pattern asks for nothing that one of the rules does not ask for', () => {
  const { detail: _none, ...all } = states();
  const patterns = forwardedPatterns({ One: rule(states('stopped')), Two: rule(all) });

  expect(patterns).toEqual([{ ...all, source: 'aws.ec2' }]);
});

test('events of the hub’s own machines and schedules are not waited for in spokes', () => {
  const ended = rule({ source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'] });
  const hourly = { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 hour)' } };

  expect(forwardedPatterns({ ended, hourly })).toEqual([]);
});
