import { completeRole } from './complete-role';
import { publishMachines } from './publish-machines';

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string | string[];
}
/** A CloudFormation template as the Serverless Framework holds it while packaging. */
export interface CompiledTemplate {
  Resources: Record<string, Resource>;
}
type Tag = { Key: string; Value: unknown };

/** What a stage says that no YAML can put into resources which plugins generate. */
export interface Completion {
  tags: Record<string, string>;
  /** Simultaneous runs that each function is sure of, and may not exceed; 0 for none. */
  reservedConcurrency: number;
  /** The key that the records and logs are encrypted under; empty for AWS's own. */
  customerKeyArn: string;
}

/** Types that plugins make without the stack's tags, or with them twice. */
const tagged = [
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::StepFunctions::StateMachine',
];
/** Types that keep something: each says whether it goes with the stack, and all do that do not say otherwise. */
const keeping = ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SQS::Queue'];

/** Brings what the framework and its plugins generate up to what this project asks of a template, in place. */
export function completeTemplate({ Resources }: CompiledTemplate, completion: Completion): void {
  // Every function has a role of its own: the one that they would share is used by nothing.
  delete Resources.IamRoleLambdaExecution;
  const isQueue = (id: string) => Resources[id]?.Type === 'AWS::SQS::Queue';
  for (const resource of Object.values(Resources)) {
    const { Type, Properties = {} } = resource;
    if (tagged.includes(Type)) Properties.Tags = allTags(Properties.Tags as Tag[] | undefined, completion.tags);
    if (Type === 'AWS::IAM::Role') completeRole(Properties, isQueue);
    if (keeping.includes(Type)) resource.DeletionPolicy ??= 'Delete';
    if (resource.DeletionPolicy) resource.UpdateReplacePolicy ??= resource.DeletionPolicy;
    if (completion.customerKeyArn) encrypt(Type, Properties, completion.customerKeyArn);
    if (Type === 'AWS::Lambda::Function' && completion.reservedConcurrency > 0) {
      Properties.ReservedConcurrentExecutions ??= completion.reservedConcurrency;
    }
  }
  publishMachines(Resources);
}

function allTags(own: Tag[] = [], tags: Record<string, string>): Tag[] {
  const values = new Map([...Object.entries(tags), ...own.map(({ Key, Value }) => [Key, Value] as const)]);
  return [...values].map(([Key, Value]) => ({ Key, Value }));
}

function encrypt(type: string, properties: Record<string, unknown>, key: string): void {
  if (type === 'AWS::Logs::LogGroup') properties.KmsKeyId = key;
  if (type === 'AWS::DynamoDB::Table') {
    properties.SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
  }
}
