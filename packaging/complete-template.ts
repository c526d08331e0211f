import { completeRole } from './complete-role';
import { conditionFunctions, type Output } from './condition-functions';
import { encryptAll } from './customer-key';
import { publishMachines } from './publish-machines';
import type { Resource } from './references';
import { shareLogGroup } from './share-log-group';
import { underConditions } from './under-conditions';

/** The CloudFormation template during packaging with the Serverless Framework. */
export interface CompiledTemplate {
  Resources: Record<string, Resource>;
  Conditions?: Record<string, unknown>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Outputs?: Record<string, Output>;
}
type Allowed = { Effect: string; Action: string | string[] };
type Tag = { Key: string; Value: unknown };

/** Stage settings for resources that plugins generate, which YAML cannot set. */
export interface Completion {
  tags: Record<string, string>;
  /** Reserved concurrency of each function; 0 for none. */
  reservedConcurrency: number;
  /** Whether approval to revoke sessions is requested. */
  revokeSessions: 'never' | 'ask';
  /** The key that encrypts records, logs and the machines' data; empty for AWS's own. */
  customerKeyArn: string;
}

/** Types that plugins create without the stack's tags, or with duplicates. */
const tagged = [
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::StepFunctions::StateMachine',
];
/** Types that keep data: each needs a deletion policy; the default is Delete. */
const keeping = ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SQS::Queue'];

/** Completes what the framework and its plugins generate to this project's requirements, in place. */
export function completeTemplate(template: CompiledTemplate, completion: Completion): void {
  const { Resources, Conditions, Outputs } = template;
  // Every function has its own role, so the shared default role is unused.
  delete Resources.IamRoleLambdaExecution;
  shareLogGroup(Resources);
  const isQueue = (id: string) => Resources[id]?.Type === 'AWS::SQS::Queue';
  for (const [id, resource] of Object.entries(Resources)) {
    const { Type, Properties = {} } = resource;
    if (tagged.includes(Type)) Properties.Tags = allTags(Properties.Tags as Tag[] | undefined, completion.tags);
    if (Type === 'AWS::IAM::Role') {
      completeRole(Properties, { isQueue, machines: machinesUnder(id, Resources), roleId: id });
      if (completion.revokeSessions === 'never') dropRight(Properties, 'iam:PutRolePolicy');
    }
    completePolicies(resource);
    if (Type === 'AWS::Lambda::Function' && completion.reservedConcurrency > 0) {
      Properties.ReservedConcurrentExecutions ??= completion.reservedConcurrency;
    }
  }
  if (completion.customerKeyArn) encryptAll(Resources, completion.customerKeyArn);
  conditionFunctions(Resources, Outputs);
  publishMachines(Resources);
  underConditions(Resources, Conditions);
}

/** Says for each resource that keeps something whether it stays when it is removed or replaced. */
function completePolicies(resource: Resource): void {
  // A version that stayed after a deployment that failed would block the next one: Lambda publishes the same code once.
  if (resource.Type === 'AWS::Lambda::Version') resource.DeletionPolicy = 'RetainExceptOnCreate';
  if (keeping.includes(resource.Type)) resource.DeletionPolicy ??= 'Delete';
  const { DeletionPolicy } = resource;
  if (DeletionPolicy) resource.UpdateReplacePolicy ??= DeletionPolicy === 'Delete' ? 'Delete' : 'Retain';
}

/** The names of the machines that use a role. */
function machinesUnder(roleId: string, Resources: Record<string, Resource>): string[] {
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    const [id] = (Properties.RoleArn as { 'Fn::GetAtt'?: string[] })?.['Fn::GetAtt'] ?? [];
    return Type === 'AWS::StepFunctions::StateMachine' && id === roleId ? [String(Properties.StateMachineName)] : [];
  });
}

/** Removes a permission that a stage never uses; denies stay. */
export function dropRight(role: Record<string, unknown>, action: string): void {
  for (const { PolicyDocument } of (role.Policies ?? []) as { PolicyDocument: { Statement: Allowed[] } }[]) {
    PolicyDocument.Statement = PolicyDocument.Statement.filter(
      ({ Effect, Action }) => Effect === 'Deny' || ![Action].flat().includes(action),
    );
  }
}

function allTags(own: Tag[] = [], tags: Record<string, string>): Tag[] {
  const values = new Map([...Object.entries(tags), ...own.map(({ Key, Value }) => [Key, Value] as const)]);
  return [...values].map(([Key, Value]) => ({ Key, Value }));
}
