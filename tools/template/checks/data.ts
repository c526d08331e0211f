import { all, type Check, each, expects, ofType } from './model';

/** Everything that keeps data is encrypted at rest; where AWS does so by itself (log groups, state machines) nothing is asked. */
export const encryption: Check = all(
  expects('AWS::DynamoDB::Table', 'SSESpecification.SSEEnabled', true, 'is not encrypted under a key of this account'),
  each('AWS::SNS::Topic', ({ KmsMasterKeyId }) => (KmsMasterKeyId ? undefined : 'is not encrypted')),
  each('AWS::SQS::Queue', ({ KmsMasterKeyId, SqsManagedSseEnabled }) =>
    KmsMasterKeyId || SqsManagedSseEnabled === true ? undefined : 'is not encrypted',
  ),
  each('AWS::S3::Bucket', ({ BucketEncryption }) => (BucketEncryption ? undefined : 'is not encrypted')),
  expects('AWS::KMS::Key', 'EnableKeyRotation', true, 'is a key that never rotates'),
);

/** What is written down can be brought back, and is not deleted with the stack. */
export const backups: Check = all(
  expects(
    'AWS::DynamoDB::Table',
    'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
    true,
    'has no point-in-time recovery',
  ),
  // Packaging switches it on after the deployment (packaging/protect-tables.ts).
  each('AWS::DynamoDB::Table', ({ DeletionProtectionEnabled }) =>
    DeletionProtectionEnabled === false ? 'may be deleted by one call' : undefined,
  ),
  (template) =>
    ofType(template, 'AWS::DynamoDB::Table')
      .filter(([, table]) => !table.DeletionPolicy?.startsWith('Retain') || table.UpdateReplacePolicy !== 'Retain')
      .map(([at]) => ({ at, what: 'goes away with the stack, or when it is replaced' })),
);

/** What a first deployment that fails would leave behind, with a name that blocks the next one. */
export const retries: Check = all(
  each('AWS::DynamoDB::Table', ({ DeletionProtectionEnabled }) =>
    DeletionProtectionEnabled === true ? 'cannot be deleted when its first deployment fails' : undefined,
  ),
  ({ Resources }) =>
    Object.entries(Resources)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
      .map(([at]) => ({ at, what: 'stays when its first deployment fails' })),
);

/** What ends with the stack and what stays is written at each resource that keeps something. */
export const policies: Check = ({ Resources }) => {
  const keeps = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SQS::Queue'];
  return Object.entries(Resources).flatMap(([at, { Type, DeletionPolicy, UpdateReplacePolicy }]) => {
    const whenRemoved = DeletionPolicy?.startsWith('Retain') ? 'Retain' : DeletionPolicy;
    if (whenRemoved !== undefined && whenRemoved === UpdateReplacePolicy) return [];
    if (DeletionPolicy === undefined && UpdateReplacePolicy === undefined && !keeps.includes(Type)) return [];
    return [{ at, what: 'does not say whether it stays when it is removed or replaced' }];
  });
};

/** Forms of secrets that are known by their looks. Sources: each vendor's documentation of its tokens. */
const secretValues = /\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{36}|\bxox[abprs]-\w{10}/;
const secretNames = /(password|passwd|secret|credential|api_?key|access_?key|auth_?token|private_?key)/i;

/** No secret stands in the template in plain text. */
export const secrets: Check = ({ Resources }) =>
  Object.entries(Resources).flatMap(([id, { Properties }]) =>
    textsIn(Properties, id)
      .filter(({ name, text }) => secretValues.test(text) || (secretNames.test(name) && !text.startsWith('{{resolve:')))
      .map(({ at }) => ({ at, what: 'looks like a secret in plain text' })),
  );

/** Every text of a node that somebody wrote down, with the name of the property that it is the value of. */
function textsIn(node: unknown, at: string, name = ''): { at: string; name: string; text: string }[] {
  if (typeof node === 'string') return [{ at, name, text: node }];
  if (Array.isArray(node)) return node.flatMap((item, i) => textsIn(item, `${at}[${i}]`, name));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    // What CloudFormation looks up is no text of ours.
    if (key === 'Ref' || key === 'Fn::GetAtt') return [];
    return textsIn(value, `${at}.${key}`, key.startsWith('Fn::') ? name : key);
  });
}
