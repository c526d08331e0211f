import type { Resource } from './references';

type Policies = { PolicyDocument: { Statement: unknown[] } }[];

/** Seconds for which Step Functions reuses a data key; source: its guide, "Data at rest encryption". */
const reuseSeconds = 300;

/**
 * Encrypts records, evidence, logs and the data of machines (definition, history, and with it the task tokens) under a customer's key,
 * in place. A machine's role then needs the key, for its own machine alone and to deliver its log; who starts a machine or
 * answers a task does not, and who reads a history does. Source: Step Functions guide, "Data at rest encryption".
 */
export function encryptAll(Resources: Record<string, Resource>, key: string): void {
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type === 'AWS::Logs::LogGroup') Properties.KmsKeyId = key;
    if (Type === 'AWS::DynamoDB::Table')
      Properties.SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
    if (Type === 'AWS::S3::Bucket' && Properties.ObjectLockEnabled) Properties.BucketEncryption = under(key);
    if (Type === 'AWS::StepFunctions::StateMachine') encryptMachine(Properties, Resources, key);
  }
}

/** A bucket's own key saves a call of KMS for each object. Source: S3 user guide, "Using S3 Bucket Keys". */
const under = (key: string) => ({
  ServerSideEncryptionConfiguration: [
    { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key }, BucketKeyEnabled: true },
  ],
});

function encryptMachine(machine: Record<string, unknown>, Resources: Record<string, Resource>, key: string): void {
  machine.EncryptionConfiguration = {
    Type: 'CUSTOMER_MANAGED_KMS_KEY',
    KmsKeyId: key,
    KmsDataKeyReusePeriodSeconds: reuseSeconds,
  };
  const [roleId = ''] = (machine.RoleArn as { 'Fn::GetAtt'?: string[] })?.['Fn::GetAtt'] ?? [];
  const [policy] = (Resources[roleId]?.Properties?.Policies ?? []) as Policies;
  policy?.PolicyDocument.Statement.push(
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: key,
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': arnOf(machine) } },
    },
    {
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: key,
      Condition: { StringEquals: { 'kms:EncryptionContext:SourceArn': logs } },
    },
  );
}

const arnOf = ({ StateMachineName }: Record<string, unknown>) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:${String(StateMachineName)}`,
});
/** What the delivery of a machine's log names as its source: a text with a star, not a pattern. */
const logs = { 'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*' };
