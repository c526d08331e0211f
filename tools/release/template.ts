import { dropRight } from '../../packaging/complete-template';
import { encryptAll } from '../../packaging/customer-key';
import type { Resource } from '../../packaging/references';
import type { ReleasedParam } from '../../packaging/release-parameters';
import { underCondition } from './conditional';
import { ReleaseMakingError } from './errors';
import { merge } from './merge';
import { parametersOf } from './parameters';
import { Places, periodsMap } from './places';
import { probes } from './probe';
import { type Fields, type Json, type StackTemplate, withStableNames } from './stable';
import { followFunctions } from './versions';

/** CloudFormation's limit for a template in S3, in bytes; source: its user guide, "CloudFormation quotas". */
const limitBytes = 1_000_000;
/** A key that is nobody's, where a customer's would be. */
const someKey = 'arn:aws:kms:us-east-1:000000000000:key/some-key';

const conditions = {
  HasCustomerKey: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'CustomerKeyArn' }, ''] }] },
  AsksToRevoke: { 'Fn::Equals': [{ Ref: 'RevokeSessions' }, 'ask'] },
  ReservesConcurrency: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ReservedConcurrency' }, '0'] }] },
  /** Tags on dashboards are documented for the commercial partition alone. Source: CloudWatch API reference, TagResource. */
  TagsDashboards: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] },
};

export interface Making {
  /** The two probes as they were packaged. */
  packaged: readonly [Json, Json];
  defaults: Readonly<Record<ReleasedParam, unknown>>;
  version: string;
  /** The file of a bundle in the release, and the base64 SHA-256 of its content. */
  bundleOf: (zip: string) => { file: string; sha256: string };
}

/**
 * The template of a release: what any stage is packaged to, with parameters in place of its params.
 * @throws ReleaseMakingError naming what does not fit into one template
 */
export function makeTemplate({ packaged, defaults, version, bundleOf }: Making): Fields {
  const [a, b] = packaged.map((one) => withoutDeployment(withStableNames(one as StackTemplate))) as [
    StackTemplate,
    StackTemplate,
  ];
  giveRights(a, b);
  const places = new Places(probes);
  const merged = (...pair: [StackTemplate, StackTemplate]) =>
    asksToRevoke(merge(pair[0], pair[1], places) as StackTemplate);
  const whole = underCondition(merged(encrypted(a), encrypted(b)), merged(a, b), 'HasCustomerKey');
  const template = JSON.parse(
    JSON.stringify(whole).replaceAll(`"${someKey}"`, '{"Ref":"CustomerKeyArn"}'),
  ) as StackTemplate;
  const Parameters = parametersOf(template, defaults);
  for (const { Type, Properties } of Object.values(template.Resources)) complete(Type, Properties);
  const decisive = new Set(Object.keys(Parameters).filter((name) => name !== 'Stage'));
  const followed = followFunctions(template, decisive, (zip) => bundleOf(zip).sha256);
  for (const { Type, Properties } of Object.values(followed.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { file } = bundleOf((Properties.Code as { S3Key: string }).S3Key);
    Properties.Code = { S3Bucket: { Ref: 'BundlesBucket' }, S3Key: { 'Fn::Sub': `\${BundlesPrefix}${file}` } };
  }
  const made = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `incident-playbooks ${version}: playbooks for EC2 instances when a CloudWatch alarm fires`,
    Parameters,
    Mappings: periodsMap,
    Conditions: { ...followed.Conditions, ...conditions },
    Resources: followed.Resources,
    Outputs: followed.Outputs,
  };
  const bytes = Buffer.byteLength(JSON.stringify(made));
  if (bytes > limitBytes)
    throw new ReleaseMakingError(`The template has ${bytes} bytes; CloudFormation takes ${limitBytes}.`);
  return made;
}

/** Without what the Serverless Framework needs for itself: its bucket, and outputs that it exports. */
function withoutDeployment({ Resources, Conditions, Outputs = {} }: StackTemplate): StackTemplate {
  const isOwn = (id: string) => !id.startsWith('ServerlessDeployment');
  const kept = Object.entries(Resources).filter(([id]) => isOwn(id));
  for (const [, resource] of kept)
    if (Array.isArray(resource.DependsOn)) resource.DependsOn = resource.DependsOn.filter((id) => isOwn(String(id)));
  const own = Object.entries(Outputs).filter(([id]) => isOwn(id) && !id.endsWith('QualifiedArn'));
  return {
    Resources: Object.fromEntries(kept),
    Conditions: Conditions ?? {},
    Outputs: Object.fromEntries(own.map(([id, { Export: _exported, ...output }]) => [id, output])),
  };
}

type Policies = { PolicyDocument: { Statement: { Effect: string; Action: string | string[] }[] } }[];
const right = 'iam:PutRolePolicy';

/** The second probe asks nobody to revoke sessions, so its roles lack the right, which the first one's have. */
function giveRights(a: StackTemplate, b: StackTemplate): void {
  const [from, to] = probes;
  for (const [id, { Type, Properties }] of Object.entries(a.Resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    for (const [i, { PolicyDocument }] of ((Properties.Policies ?? []) as Policies).entries())
      for (const [at, statement] of PolicyDocument.Statement.entries()) {
        if (statement.Effect !== 'Allow' || ![statement.Action].flat().includes(right)) continue;
        const text = JSON.stringify(statement).replaceAll(from.stage, to.stage).replaceAll(from.region, to.region);
        (b.Resources[id]!.Properties.Policies as Policies)[i]!.PolicyDocument.Statement.splice(at, 0, JSON.parse(text));
      }
  }
}

function asksToRevoke(template: StackTemplate): StackTemplate {
  const without = structuredClone(template);
  for (const { Type, Properties } of Object.values(without.Resources))
    if (Type === 'AWS::IAM::Role') dropRight(Properties, right);
  return underCondition(template, without, 'AsksToRevoke') as StackTemplate;
}

function encrypted(template: StackTemplate): StackTemplate {
  const copy = structuredClone(template);
  encryptAll(copy.Resources as Record<string, Resource>, someKey);
  return copy;
}

function complete(type: string, properties: Fields): void {
  const noValue = { Ref: 'AWS::NoValue' };
  if (type === 'AWS::CloudWatch::Dashboard')
    properties.Tags = { 'Fn::If': ['TagsDashboards', properties.Tags, noValue] };
  if (type === 'AWS::Lambda::Function')
    properties.ReservedConcurrentExecutions ??= {
      'Fn::If': ['ReservesConcurrency', { Ref: 'ReservedConcurrency' }, noValue],
    };
}
