import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { CompiledTemplate } from '../../packaging/complete-template';
import { eventsTemplate } from '../../packaging/spoke/events-template';
import { prepareHub, tellFunctions } from '../../packaging/spoke/hub';
import { TooManySpokesError } from '../../packaging/spoke/limits';
import { forwardedPatterns } from '../../packaging/spoke/patterns';
import { parseStages, StageParamError } from '../../packaging/stages';

const accounts = ['444455556666', '777788889999'];
const spokes = { stage: 'dev', accounts, organizationId: 'o-abcdefghij' };

/** Named by the accounts that are in it. */
const list = { 'Fn::FindInMap': ['Spokes', 'List3da1928a153f', 'Accounts'] };

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
    'Fn::Join': [',', [{ Ref: 'AWS::AccountId' }, { 'Fn::Join': [',', list] }]],
  });
  expect(config.functions.stopInstance.environment).toEqual({ SPOKE_CAPABILITY: 'power', SETTING: 'one' });
});

test('another list of accounts is another configuration of each function, which a version is named by', () => {
  const [config, other] = [configured(), configured()];

  tellFunctions(config, accounts);
  tellFunctions(other, accounts.toReversed());

  expect(other.provider.environment.ACCOUNT_IDS).not.toEqual(config.provider.environment.ACCOUNT_IDS);
});

test('a function may take on the role of its own capability in the listed accounts, and one without takes on none', () => {
  const compiled = template();

  prepareHub(compiled, spokes);

  expect(compiled.Mappings).toEqual({ Spokes: { [list['Fn::FindInMap'][1]!]: { Accounts: accounts } } });
  const statements = (id: string) =>
    (compiled.Resources[id]!.Properties!.Policies as { PolicyDocument: { Statement: unknown[] } }[])[0]!.PolicyDocument
      .Statement;
  const Resource = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/incident-playbooks-dev-spoke-power' };
  expect(statements('StopInstanceRole')).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource,
      Condition: { StringEquals: { 'aws:ResourceAccount': list } },
    },
    { Effect: 'Allow', Action: ['sts:SetSourceIdentity', 'sts:TagSession'], Resource },
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
      'aws:PrincipalAccount': list,
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

const manyAccounts = (length: number) => Array.from({ length }, (_, index) => String(100_000_000_000 + index));

test.each([
  ['StopInstanceRole', 700, [], /^StopInstanceRole .*rights with 700 spokeAccounts: \d+, and IAM takes 10240/],
  [
    'the environment',
    320,
    manyAccounts(320),
    /^StopInstanceLambdaFunction .*environment variables with 320 spokeAccounts: \d+, and Lambda takes 4096/,
  ],
])('more accounts than there is room for are refused, naming what is full: %s', (_what, count, told, why) => {
  const full = template();
  const config = configured();
  if (told.length > 0) tellFunctions(config, told);
  const { Environment } = full.Resources.StopInstanceLambdaFunction!.Properties as Record<
    string,
    { Variables: object }
  >;
  Object.assign(Environment!.Variables, config.provider.environment);
  const prepare = () => prepareHub(full, { ...spokes, accounts: manyAccounts(count) });

  expect(prepare).toThrow(TooManySpokesError);
  expect(prepare).toThrow(why);
});

test('a policy of the bus that is too long is refused', () => {
  const full = template();
  delete full.Resources.StopInstanceLambdaFunction;

  expect(() => prepareHub(full, { ...spokes, accounts: manyAccounts(700) })).toThrow(
    /^SpokeEventsPolicy .*700 spokeAccounts: \d+, and EventBridge takes 10240/,
  );
});

test('a pattern that is longer than EventBridge takes is refused, naming the service', () => {
  const wide = rule(states(...Array.from({ length: 200 }, (_, index) => `state-${index}`)));

  expect(() => eventsTemplate({ stage: 'dev', template: { Resources: { wide } } as never })).toThrow(
    /^The pattern for aws.ec2 has \d+ characters, and EventBridge takes 2048/,
  );
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
