import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { StackResource } from '../../drill/stack/template';
import { place } from '../../tools/template/samples';
import { devTemplate } from '../template/packaged';

type Statement = { Sid?: string; Principal: unknown; Condition?: Record<string, Record<string, unknown>> };
type Policy = { Statement: Statement[] };

let stack: Map<string, StackResource>;
beforeAll(async () => {
  stack = resolveTemplate(await devTemplate(), place);
});

const properties = (id: string) => stack.get(id)!.properties;
const trustOf = (role: string) => (properties(role).AssumeRolePolicyDocument as Policy).Statement[0]!;
const rule = (name: string) => `arn:aws:events:${place.region}:${place.account}:rule/incident-playbooks-dev-${name}`;

test('the role that starts reconcile-alarms is for its two rules, and for no other whose name begins alike', () => {
  expect(trustOf('ReconcileAlarmsRuleRole').Condition).toEqual({
    StringEquals: { 'aws:SourceAccount': place.account },
    ArnEquals: { 'aws:SourceArn': [rule('reconcile-alarms'), rule('reconcile-nightly')] },
  });
});

test('CloudWatch uses the key of the notices for the alarms of this stage alone, as it does the topic', () => {
  const ofAlarms = (policy: unknown) =>
    (policy as Policy).Statement.find(({ Principal }) => JSON.stringify(Principal).includes('cloudwatch'))!;

  const key = ofAlarms(properties('NoticesKey').KeyPolicy);

  expect(key.Condition?.ArnLike).toEqual({
    'aws:SourceArn': `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:incident-playbooks-dev-*`,
  });
  expect(key.Condition).toEqual(ofAlarms(properties('NoticesTopicPolicy').PolicyDocument).Condition);
});

test('every machine’s role is for that machine alone', () => {
  const machines = [...stack.values()].filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');

  expect(machines.length).toBeGreaterThan(7);
  for (const { arn, logicalId } of machines) {
    expect(trustOf(`${logicalId}Role`).Condition?.ArnLike).toEqual({
      'aws:SourceArn': [arn, `${arn}:*`, `${arn}/*`],
    });
  }
});

test('what decides about rights has the security team as its owner', () => {
  const owned = readFileSync(join(__dirname, '../../.github/CODEOWNERS'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/security'))
    .map((line) => line.split(/\s+/)[0]);

  expect(owned).toEqual(
    expect.arrayContaining([
      '/serverless.yml',
      '/.ci/',
      '/functions/containment/',
      '/functions/guard/',
      '/functions/shared/',
      'functions.yml',
      '/resources/',
      '/statemachines/',
      '/packaging/',
      '/tools/template/',
      '/tests/template/',
      '/package.json',
      '/package-lock.json',
    ]),
  );
});
