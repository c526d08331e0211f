import { z } from 'zod';
import type { StackResource } from '../../drill/stack/template';
import { actionOf, companions, machineLogActions, tracingActions } from './actions';
import { callsOfMachine } from './machine-calls';
import { resourcesOf, type Stack } from './roles';
import { place } from './samples';
import type { SdkUse } from './sdk-commands';

/** One action that somebody in the stack takes; on which resources or kinds of resources only where that is known. */
export interface Call {
  action: string;
  resources?: string[];
  types?: string[];
  context?: Record<string, string>;
}

const functionSchema = z.object({
  FunctionName: z.string(),
  Role: z.string(),
  LoggingConfig: z.object({ LogGroup: z.string() }),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
});
const machineSchema = z.object({
  DefinitionString: z.string(),
  RoleArn: z.string(),
  LoggingConfiguration: z.unknown(),
  TracingConfiguration: z.object({ Enabled: z.boolean() }).optional(),
});

/** Somebody who acts under a role of the stack. */
export interface Actor {
  name: string;
  kind: 'function' | 'machine' | 'rule';
  roleArn: string;
  calls: Call[];
}

/**
 * Everybody who acts under a role, with everything they call.
 * @param uses what each handler can send, by its source file
 */
export function actorsOf(stack: Stack, uses: Map<string, SdkUse>): Actor[] {
  const functions = resourcesOf(stack, 'AWS::Lambda::Function').map((resource): Actor => {
    const { FunctionName, Role, LoggingConfig, TracingConfig, DeadLetterConfig, Environment } = functionSchema.parse(
      resource.properties,
    );
    const use = uses.get(sourceOf(resource));
    const calls = [
      ...withCompanions((use?.commands ?? []).flatMap((command) => onTables(actionOf(command), use!, stack))),
      ...(use?.takesOnRoles && hasPlaces(Environment?.Variables) ? [{ action: 'sts:AssumeRole' }] : []),
      ...(DeadLetterConfig
        ? withCompanions([{ action: 'sqs:SendMessage', resources: [DeadLetterConfig.TargetArn] }])
        : []),
      ...logCalls(LoggingConfig.LogGroup, FunctionName),
      ...(TracingConfig?.Mode === 'Active' ? tracingActions.function.map((action) => ({ action })) : []),
    ];
    return { name: resource.logicalId, kind: 'function', roleArn: Role, calls };
  });
  return [
    ...functions,
    ...resourcesOf(stack, 'AWS::StepFunctions::StateMachine').map(machineActor),
    ...ruleActors(stack),
  ];
}

/** Whether a function has a role to take on, and another account than its own in which there is one. */
const hasPlaces = ({ SPOKE_CAPABILITY, ACCOUNT_IDS }: Record<string, unknown> = {}): boolean =>
  SPOKE_CAPABILITY !== undefined && String(ACCOUNT_IDS).includes(',');

/** The source file of a function's handler. */
export function sourceOf({ properties }: StackResource): string {
  return String(properties.Handler).replace(/\.\w+$/, '.ts');
}

function withCompanions(calls: Call[]): Call[] {
  return calls.flatMap((call) => [call, ...(companions[call.action] ?? [])]);
}

/** A query of a secondary index is a request for the index, and not for its table. */
function onTables(action: string, { indexes, queriesTable }: SdkUse, stack: Stack): Call[] {
  if (action !== 'dynamodb:Query' && action !== 'dynamodb:Scan') return [{ action }];
  const tables = resourcesOf(stack, 'AWS::DynamoDB::Table').map(({ arn }) => arn);
  return [
    ...(queriesTable ? [{ action, resources: tables }] : []),
    ...indexes.map((index) => ({ action, resources: tables.map((table) => `${table}/index/${index}`) })),
  ];
}

/** Lambda writes a function's output under the function's own role. Source: its guide, "Configuring CloudWatch log groups". */
function logCalls(logGroup: string, functionName: string): Call[] {
  const resources = [
    `arn:aws:logs:${place.region}:${place.account}:log-group:${logGroup}:log-stream:2026/01/01/${functionName}[1][0123]`,
  ];
  return [
    { action: 'logs:CreateLogStream', resources },
    { action: 'logs:PutLogEvents', resources },
  ];
}

function machineActor({ logicalId, arn, properties }: StackResource): Actor {
  const { DefinitionString, RoleArn, LoggingConfiguration, TracingConfiguration } = machineSchema.parse(properties);
  const calls = callsOfMachine(DefinitionString, arn).map(({ action, resource }) => ({
    action,
    ...(resource ? { resources: [resource] } : {}),
  }));
  const logs = LoggingConfiguration ? machineLogActions : [];
  const traces = TracingConfiguration?.Enabled ? tracingActions.machine : [];
  return {
    name: logicalId,
    kind: 'machine',
    roleArn: RoleArn,
    calls: [...withCompanions(calls), ...[...logs, ...traces].map((action) => ({ action }))],
  };
}

/** A rule or schedule with a role starts its target under it; a function is invoked by a permission of its own. */
function ruleActors(stack: Stack): Actor[] {
  const targetsOf = ({ properties }: StackResource) =>
    (properties.Targets ?? [properties.Target]) as Record<string, string>[];
  const rules = [...resourcesOf(stack, 'AWS::Events::Rule'), ...resourcesOf(stack, 'AWS::Scheduler::Schedule')];
  return rules.flatMap((rule) =>
    targetsOf(rule)
      .filter(({ RoleArn }) => RoleArn !== undefined)
      .map(({ Arn, RoleArn }): Actor => {
        const action = Arn!.includes(':lambda:') ? 'lambda:InvokeFunction' : 'states:StartExecution';
        // A machine started by its alias is authorized by its own ARN: "Authorization for versions and aliases".
        const resources = [Arn!.includes(':stateMachine:') ? Arn!.split(':').slice(0, 7).join(':') : Arn!];
        return { name: rule.logicalId, kind: 'rule', roleArn: RoleArn!, calls: [{ action, resources }] };
      }),
  );
}
