import { anySpokes, spokeTemplates } from '../../drill/packaging/spoke-templates';
import { resolveTemplate } from '../../drill/stack/resolve';
import { type Template, templateSchema } from '../../drill/stack/template';
import { capabilities, spokeRoleName } from '../../functions/place/capabilities';
import { runChecks } from '../../tools/template/checks';
import type { WholeTemplate } from '../../tools/template/checks/model';
import { withoutSuppressed } from '../../tools/template/checks/suppressions';
import { type LintedTemplate, lint } from './lint';
import { wholeTemplate } from './packaged';

const defaults = { organizationId: 'o-abcdefghij', externalId: '' };
const parameters = { HubAccountId: '111122223333', ExternalId: 'a-secret-of-the-stage' };
const made = spokeTemplates('dev', defaults);

/** What a template becomes in a spoke account. */
async function deployed(which: 'roles' | 'events', region = 'us-east-1') {
  const template = templateSchema.parse((await made)[which]) as Template;
  const place = { account: '444455556666', region, stackName: 'spoke', parameters };
  return [...resolveTemplate(template, place).values()];
}

const propertiesOf = async (which: 'roles' | 'events', type: string, region?: string) =>
  (await deployed(which, region)).filter((one) => one.type === type).map(({ properties }) => properties);

test.each(['roles', 'events'] as const)('the %s of a spoke are as CloudFormation’s own schema asks', async (which) => {
  const template = (await made)[which];

  expect(lint(template as LintedTemplate)).toEqual([]);
  expect(Object.keys(template)).toEqual(['AWSTemplateFormatVersion', 'Description', 'Parameters', 'Resources']);
  expect(JSON.stringify(template)).not.toMatch(/AWS::CloudFormation::Stack|Fn::Transform/);
});

test('both templates are short enough for a request, without S3', async () => {
  const sizes = Object.values(await made).map((template) => JSON.stringify(template, null, 1).length);

  expect(Math.max(...sizes)).toBeLessThan(51_200);
});

test('there is a role for each capability, under the name that the hub asks for, and no trust is longer than IAM takes', async () => {
  const roles = await propertiesOf('roles', 'AWS::IAM::Role');
  const trusts = roles.map(({ AssumeRolePolicyDocument }) => JSON.stringify(AssumeRolePolicyDocument).length);

  expect(roles.map(({ RoleName }) => RoleName)).toEqual([
    ...capabilities.map((one) => spokeRoleName('dev', one)),
    'quarantine-incident-playbooks-dev',
    'incident-playbooks-dev-spoke-forward',
  ]);
  expect(Math.max(...trusts)).toBeLessThanOrEqual(2048);
});

test.each(['power', 'contain', 'patch'] as const)(
  'the role for %s acts on the instance of its session alone',
  async (capability) => {
    const roles = await propertiesOf('roles', 'AWS::IAM::Role');
    const { Policies } = roles.find(({ RoleName }) => RoleName === spokeRoleName('dev', capability)) as {
      Policies: { PolicyDocument: { Statement: { Effect: string; Resource: string | string[] }[] } }[];
    };
    const allowed = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    const instances = allowed.flatMap(({ Resource }) => Resource).filter((arn) => arn.includes(':instance/'));

    const own = 'arn:aws:ec2:*:444455556666:instance/${aws:PrincipalTag/instance}';
    expect(instances.length).toBeGreaterThan(0);
    expect(instances.filter((arn) => arn !== own)).toEqual([]);
  },
);

test('what a spoke forwards goes to the bus of the hub in its own region, under a role, and what is lost to a queue', async () => {
  const rules = await propertiesOf('events', 'AWS::Events::Rule', 'eu-west-1');

  expect(rules.map(({ Targets }) => Targets)).toEqual(
    rules.map(() => [
      {
        Id: 'hub',
        Arn: 'arn:aws:events:eu-west-1:111122223333:event-bus/default',
        RoleArn: 'arn:aws:iam::444455556666:role/incident-playbooks-dev-spoke-forward',
        DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:444455556666:incident-playbooks-dev-spoke-undelivered' },
      },
    ]),
  );
  expect(rules.map(({ EventPattern }) => (EventPattern as { source: string[] }).source)).toEqual(
    expect.arrayContaining([['aws.cloudwatch'], ['aws.guardduty'], ['aws.ec2'], ['aws.health'], ['aws.tag']]),
  );
});

test('a rule forwards only what happened in its own account, and of GuardDuty no copy of a member’s finding', async () => {
  const patterns = (await propertiesOf('events', 'AWS::Events::Rule')).map(({ EventPattern }) => EventPattern) as {
    source: string[];
    account: string[];
    detail?: { accountId?: string[] };
  }[];
  const ofFindings = patterns.find(({ source }) => source[0] === 'aws.guardduty');

  expect(patterns.filter(({ account }) => account.join() !== '444455556666')).toEqual([]);
  expect(ofFindings?.detail?.accountId).toEqual(['444455556666']);
});

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('in %s every ARN of a spoke is of the partition %s', async (region, partition) => {
  const text = JSON.stringify([await deployed('roles', region), await deployed('events', region)]);
  const partitions = new Set([...text.matchAll(/arn:(aws[\w-]*):/g)].map(([, name]) => name));

  expect([...partitions]).toEqual([partition]);
});

test('neither template names a partition or a region', async () => {
  expect(JSON.stringify(await made)).not.toMatch(/arn:aws|us-east-1/);
});

test('a stage without spokes has nothing of them in its template', async () => {
  const { Resources } = await wholeTemplate('dev');

  expect(JSON.stringify(Resources)).not.toMatch(/SPOKE_|spoke-|SpokeEventsPolicy|sts:TagSession/);
  expect(Resources.StopInstanceLambdaFunction?.Properties.Environment).toMatchObject({
    Variables: { ACCOUNT_IDS: { Ref: 'AWS::AccountId' } },
  });
});

/** A hub's template without what its accounts add to it, each thing named; a version is named by what it is configured with. */
function withoutSpokes(template: WholeTemplate): string {
  delete template.Mappings.Spokes;
  delete template.Resources.SpokeEventsPolicy;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const { Variables } = (Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
    if (Type === 'AWS::Lambda::Function' && Variables) {
      delete Variables.SPOKE_EXTERNAL_ID;
      delete Variables.SPOKE_CAPABILITY;
      Variables.ACCOUNT_IDS = { Ref: 'AWS::AccountId' };
    }
    if (Type !== 'AWS::IAM::Role') continue;
    for (const { PolicyDocument } of (Properties.Policies ?? []) as { PolicyDocument: { Statement: object[] } }[])
      PolicyDocument.Statement = PolicyDocument.Statement.filter((one) => !/-spoke-\w+"/.test(JSON.stringify(one)));
  }
  return withoutVersions(template);
}

/** Versions are added as their archives are read, in any order; an archive is named by when it was packaged. */
function withoutVersions(template: WholeTemplate): string {
  const text = JSON.stringify(template)
    .replace(/(LambdaVersion)\w{20,}/g, '$1')
    .replace(/dev\/\d+-[\w:.-]+\//g, 'dev/');
  const { Resources, Outputs, ...rest } = JSON.parse(text) as WholeTemplate;
  const sorted = (part: object) => Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({ ...rest, Resources: sorted(Resources), Outputs: sorted(Outputs) }, null, 1);
}

test('a stage without spokes is, byte for byte, one with spokes without their list, rights, variables and bus policy', async () => {
  const without = withoutVersions(await wholeTemplate('dev')).split('\n');
  const stripped = withoutSpokes(await wholeTemplate('dev', anySpokes)).split('\n');

  expect(stripped.filter((line, i) => line !== without[i]).slice(0, 5)).toEqual([]);
  expect(stripped.length).toBe(without.length);
});

test('a hub with spokes has one more resource, and no check of a hub without finds anything in it', async () => {
  const hub = await wholeTemplate('dev', anySpokes);
  const { Resources } = await wholeTemplate('dev');
  const added = Object.keys(hub.Resources).filter((id) => !(id in Resources) && !id.includes('Version'));
  const known = withoutSuppressed(runChecks(await wholeTemplate('dev'))).map(({ at, what }) => `${at} ${what}`);
  const found = withoutSuppressed(runChecks(hub)).map(({ at, what }) => `${at} ${what}`);

  expect(added).toEqual(['SpokeEventsPolicy']);
  expect(found).toEqual(known);
  expect(lint(hub as LintedTemplate)).toEqual([]);
});

test.each([
  ['StringEquals', 'aws:PrincipalOrgID'],
  ['StringEquals', 'aws:PrincipalAccount'],
  ['StringEquals', 'events:source'],
  ['Bool', 'events:eventBusInvocation'],
  ['ArnLike', 'aws:SourceArn'],
])('a bus policy of the hub without %s of %s is found', async (operator, key) => {
  const hub = await wholeTemplate('dev', anySpokes);
  const { Condition } = hub.Resources.SpokeEventsPolicy!.Properties.Statement as {
    Condition: Record<string, Record<string, unknown>>;
  };
  delete Condition[operator]![key];

  expect(runChecks(hub)).toContainEqual(
    expect.objectContaining({ at: 'SpokeEventsPolicy', what: `takes events of anybody’s ${key}` }),
  );
});
