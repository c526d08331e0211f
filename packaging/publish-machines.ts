import { createHash } from 'node:crypto';

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The name of the alias by which every machine is started. */
export const aliasName = 'live';

/** What makes a new revision of a machine; tags and names do not. Source: Step Functions guide, "State machine versions". */
const revised = ['DefinitionString', 'LoggingConfiguration', 'RoleArn', 'TracingConfiguration'];

/**
 * Adds a version and an alias to every machine, in place. A version's logical id holds a hash of what it publishes, as the
 * framework does it for functions: a change makes a new version, and the former one stays for a way back.
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
        Description:
          'What rules and people start: the version that was deployed last, or the one that it was put back to',
        DeploymentPreference: { StateMachineVersionArn: { Ref: version }, Type: 'ALL_AT_ONCE' },
      },
    };
  }
}
