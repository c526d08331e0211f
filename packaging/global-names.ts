import type { CompiledTemplate } from './complete-template';

/** A name that AWS would cut or reject; the message says which property of which resource, and what to do. */
export class NameError extends Error {
  override name = 'NameError';
}

interface Naming {
  property: string;
  /** The longest name that the service accepts. */
  longest: number;
  /** Whether all regions of an account share the names. */
  isGlobal?: true;
}

/**
 * How the types with a name of their own are named. Sources: CloudFormation template reference, each type's page; IAM user
 * guide, "IAM and AWS STS quotas"; CloudWatch API reference, PutDashboard: dashboards belong to no region.
 */
export const namings: Record<string, Naming> = {
  'AWS::IAM::Role': { property: 'RoleName', longest: 64, isGlobal: true },
  'AWS::IAM::InstanceProfile': { property: 'InstanceProfileName', longest: 128, isGlobal: true },
  'AWS::IAM::ManagedPolicy': { property: 'ManagedPolicyName', longest: 128, isGlobal: true },
  'AWS::Chatbot::CustomAction': { property: 'ActionName', longest: 64, isGlobal: true },
  'AWS::Chatbot::MicrosoftTeamsChannelConfiguration': { property: 'ConfigurationName', longest: 128, isGlobal: true },
  'AWS::Chatbot::SlackChannelConfiguration': { property: 'ConfigurationName', longest: 128, isGlobal: true },
  'AWS::CloudWatch::Dashboard': { property: 'DashboardName', longest: 255, isGlobal: true },
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', longest: 255 },
  'AWS::DynamoDB::Table': { property: 'TableName', longest: 255 },
  'AWS::Events::Rule': { property: 'Name', longest: 64 },
  'AWS::Lambda::Function': { property: 'FunctionName', longest: 64 },
  'AWS::SNS::Topic': { property: 'TopicName', longest: 256 },
  'AWS::SQS::Queue': { property: 'QueueName', longest: 80 },
  'AWS::StepFunctions::StateMachine': { property: 'StateMachineName', longest: 80 },
  'AWS::WAFv2::IPSet': { property: 'Name', longest: 128 },
};

/** Tags on dashboards are documented for the commercial partition alone. Source: CloudWatch API reference, TagResource. */
const tagsDashboards = (region: string) => !/^(cn|us-gov|us-iso\w*|eusc|eu-isoe)-/.test(region);

/**
 * Names the roles of the machines, and ends every name that all regions of an account share with the region, in place, so
 * that a stage may stand in several regions.
 * @param prefix what every name of the stage begins with: service and stage
 * @throws NameError when AWS would cut a name or reject it
 */
export function nameByRegion({ Resources }: CompiledTemplate, prefix: string, region: string): void {
  nameMachineRoles(Resources, prefix);
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    const naming = namings[Type];
    if (!naming) continue;
    const { property, longest, isGlobal } = naming;
    const name = Properties[property];
    if (isGlobal) Properties[property] = withRegion(name, `${id}.${property}`, region);
    checkLength(Properties[property], longest, `${id}.${property}`);
    if (Type === 'AWS::CloudWatch::Dashboard' && !tagsDashboards(region)) delete Properties.Tags;
  }
}

/** The plugin leaves the names of the machines' roles to CloudFormation: `run-restart-instance` is the one of restart-instance. */
function nameMachineRoles(Resources: CompiledTemplate['Resources'], prefix: string): void {
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type !== 'AWS::StepFunctions::StateMachine') continue;
    const [roleId = ''] = (Properties.RoleArn as { 'Fn::GetAtt'?: string[] })?.['Fn::GetAtt'] ?? [];
    const role = Resources[roleId]?.Properties;
    if (role) role.RoleName ??= `${prefix}-run-${String(Properties.StateMachineName).slice(prefix.length + 1)}`;
  }
}

/** CloudFormation makes a name of stack and logical ID and cuts it, so that rules by the stage's prefix no longer match it. */
function withRegion(name: unknown, at: string, region: string): string {
  if (typeof name === 'string') return `${name}-${region}`;
  throw new NameError(`${at}: give it a name that begins with service and stage; CloudFormation would cut its own.`);
}

function checkLength(name: unknown, longest: number, at: string): void {
  if (typeof name !== 'string' || name.length <= longest) return;
  throw new NameError(
    `${at}: ${name} has ${name.length} characters, and AWS allows ${longest}. Choose a stage name that is shorter by ${name.length - longest}.`,
  );
}
