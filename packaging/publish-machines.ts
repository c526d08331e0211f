import { allReferences, type Resource } from './references';

/** The alias that starts every machine. */
export const aliasName = 'live';

/**
 * Adds a version and an alias to every machine, in place. The version belongs to one revision: where a deployment makes a
 * new one, CloudFormation replaces the version and keeps the previous one as the way back; where it makes none, because
 * only the template's text has changed, the version stays. A version without a revision publishes whatever revision
 * Step Functions sees at that moment. Source: CloudFormation template reference, AWS::StepFunctions::StateMachineVersion.
 */
export function publishMachines(Resources: Record<string, Resource>): void {
  const machines = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine');
  for (const [id] of machines) {
    Resources[`${id}Version`] = {
      Type: 'AWS::StepFunctions::StateMachineVersion',
      Properties: {
        StateMachineArn: { Ref: id },
        StateMachineRevisionId: { 'Fn::GetAtt': [id, 'StateMachineRevisionId'] },
      },
      // The version of a deployment that fails goes with it; the next one publishes anew.
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    };
    Resources[`${id}Alias`] = {
      Type: 'AWS::StepFunctions::StateMachineAlias',
      Properties: {
        Name: aliasName,
        Description: 'What rules and people start: the last deployed version, or the one rolled back to',
        DeploymentPreference: { StateMachineVersionArn: { Ref: `${id}Version` }, Type: 'ALL_AT_ONCE' },
      },
    };
  }
  moveAliasesLast(Resources);
}

/**
 * Lets the aliases move when all that does not wait for them is done: until then executions start with the previous
 * version, so that a deployment that fails takes no version away from an execution that has started with it.
 */
function moveAliasesLast(Resources: Record<string, Resource>): void {
  const waits = allReferences(Resources);
  const aliases = Object.keys(Resources).filter(
    (id) => Resources[id]?.Type === 'AWS::StepFunctions::StateMachineAlias',
  );
  const others = Object.keys(Resources).filter((id) => {
    const { Type, Condition } = Resources[id]!;
    // What may be left out cannot be waited for, and a version's name changes with its code; its function is waited for.
    if (aliases.includes(id) || Condition || Type === 'AWS::Lambda::Version') return false;
    return !aliases.some((alias) => waits.get(id)?.has(alias));
  });
  // One that another waits for anyway need not be named.
  const reached = new Set(others.flatMap((id) => [...waits.get(id)!]));
  for (const alias of aliases) {
    Resources[alias]!.DependsOn = others.filter((id) => !reached.has(id) && !waits.get(alias)!.has(id)).sort();
  }
}
