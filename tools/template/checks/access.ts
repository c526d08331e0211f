import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';
import { all, type Check, each, ofType, valueAt } from './model';

interface Statement {
  Effect: string;
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Condition keys that hold a request to an account or to one resource of it. */
const narrowing = /^aws:(SourceAccount|SourceArn|PrincipalAccount|PrincipalOrgID|SourceOrgID)$/;
const isNarrowed = ({ Condition = {} }: Statement) =>
  Object.values(Condition).some((keys) => Object.keys(keys).some((key) => narrowing.test(key)));
const isEverybody = (principal: unknown) => /^("\*"|\{"AWS":(\["\*"\]|"\*")\})$/.test(JSON.stringify(principal) ?? '');
const isService = (principal: unknown) => JSON.stringify(principal ?? '').includes('"Service"');
const namesLambdaOrEc2 = (principal: unknown) => /"(lambda|ec2)\.amazonaws\.com"/.test(JSON.stringify(principal ?? ''));

/** What is wrong with a resource policy or a trust policy. */
function judgePolicy(document: unknown): string | undefined {
  for (const statement of (valueAt(document, 'Statement') ?? []) as Statement[]) {
    if (statement.Effect !== 'Allow') continue;
    const { Principal } = statement;
    if (isEverybody(Principal)) return 'is open to everybody';
    // Lambda and EC2 take a role for their own resource only, and send no source with it.
    if (isService(Principal) && !namesLambdaOrEc2(Principal) && !isNarrowed(statement))
      return 'may be used by a service on behalf of any account';
  }
  return undefined;
}

/** Nothing of the stack can be reached by the public, or by a service that acts for another account. */
export const access: Check = all(
  each('AWS::S3::Bucket', ({ PublicAccessBlockConfiguration: block }) =>
    ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
      (name) => valueAt(block, name) === true,
    )
      ? undefined
      : 'does not block all public access',
  ),
  each('AWS::Lambda::Permission', ({ Principal, SourceArn, SourceAccount }) =>
    Principal !== '*' && (SourceArn || SourceAccount) ? undefined : 'lets anybody invoke a function',
  ),
  each('AWS::Lambda::Url', ({ AuthType }) => (AuthType === 'AWS_IAM' ? undefined : 'is a public address')),
  each('AWS::KMS::Key', ({ KeyPolicy }) => judgePolicy(KeyPolicy)),
  ...['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].map((type) =>
    each(type, ({ PolicyDocument }) => judgePolicy(PolicyDocument)),
  ),
  each('AWS::IAM::Role', ({ AssumeRolePolicyDocument }) => judgePolicy(AssumeRolePolicyDocument)),
);

const kept: [type: string, policy: string, names: string][] = [
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
];

/** What has a policy of its own refuses requests that are not encrypted on their way. */
export const transport: Check = (template) =>
  kept.flatMap(([type, policy, names]) => {
    const refusing = ofType(template, policy).filter(([, { Properties }]) =>
      ((valueAt(Properties.PolicyDocument, 'Statement') ?? []) as Statement[]).some(
        ({ Effect, Condition }) => Effect === 'Deny' && String(Condition?.Bool?.['aws:SecureTransport']) === 'false',
      ),
    );
    const covered = JSON.stringify(refusing.map(([, { Properties }]) => Properties[names]));
    return ofType(template, type)
      .filter(([id]) => !covered.includes(`"${id}"`))
      .map(([at]) => ({ at, what: 'takes requests in plain text' }));
  });

let loaded: SpecDatabase | undefined;

/** Every resource that can have tags has the stack's, once each. */
export const tags: Check = ({ Resources }) => {
  loaded ??= loadAwsServiceSpecSync();
  const spec = loaded;
  return Object.entries(Resources).flatMap(([at, { Type, Properties }]) => {
    const tagging = spec.lookup('resource', 'cloudFormationType', 'equals', Type)[0]?.tagInformation;
    if (!tagging) return [];
    const given = Properties[tagging.tagPropertyName];
    const keys = Array.isArray(given) ? given.map(({ Key }: { Key: string }) => Key) : Object.keys(given ?? {});
    return ['Project', 'Stage']
      .filter((key) => keys.filter((one) => one === key).length !== 1)
      .map((key) => ({ at, what: `has the tag ${key} ${keys.includes(key) ? 'twice' : 'not'}` }));
  });
};
