import { createHash } from 'node:crypto';

/** A resource of the template that is being packaged. */
export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string | string[];
}

/** The alias that starts every machine. */
export const aliasName = 'live';

/** Properties that create a new revision of a machine; tags and names do not. Source: Step Functions guide, "State machine versions". */
const revised = ['DefinitionString', 'LoggingConfiguration', 'RoleArn', 'TracingConfiguration'];

/**
 * Adds a version and an alias to every machine, in place. A version's logical ID contains a hash of what it publishes, as
 * the framework does for functions: a change creates a new version, and the previous one is kept for rollback.
 */
export function publishMachines(Resources: Record<string, Resource>): void {
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type !== 'AWS::StepFunctions::StateMachine') continue;
    const published = revised.map((name) => Properties[name] ?? null);
    const hash = createHash('sha256').update(JSON.stringify(published)).digest('hex').slice(0, 24);
    const version = `${id}Version${hash}`;
    Resources[version] = {
      Type: 'AWS::StepFunctions::StateMachineVersion',
      Properties: { StateMachineArn: { Ref: id } },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    };
    Resources[`${id}Alias`] = {
      Type: 'AWS::StepFunctions::StateMachineAlias',
      Properties: {
        Name: aliasName,
        Description: 'What rules and people start: the last deployed version, or the one rolled back to',
        DeploymentPreference: { StateMachineVersionArn: { Ref: version }, Type: 'ALL_AT_ONCE' },
      },
    };
  }
}
