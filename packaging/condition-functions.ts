import { type Resource, referredTo } from './references';

/** An output of the template. */
export interface Output {
  Condition?: string;
  Value?: unknown;
}

const goesWith = ['AWS::IAM::Role', 'AWS::Logs::LogGroup', 'AWS::Lambda::Version'];

/**
 * Gives what belongs to a function with a condition (role, log group, version, outputs) the same condition, in place: the
 * framework sets it on the function alone.
 */
export function conditionFunctions(Resources: Record<string, Resource>, Outputs: Record<string, Output> = {}): void {
  for (const [id, { Type, Condition, Properties = {}, DependsOn }] of Object.entries(Resources)) {
    if (Type !== 'AWS::Lambda::Function' || !Condition) continue;
    const own = new Set([...referredTo(Properties.Role), ...[DependsOn ?? []].flat(), ...versionsOf(id, Resources)]);
    for (const other of own) {
      const resource = Resources[other];
      if (resource && goesWith.includes(resource.Type)) resource.Condition = Condition;
    }
    for (const output of Object.values(Outputs))
      if (referredTo(output.Value).some((name) => own.has(name) || name === id)) output.Condition = Condition;
  }
}

const versionsOf = (functionId: string, Resources: Record<string, Resource>): string[] =>
  Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::Lambda::Version' && referredTo(Properties).includes(functionId) ? [id] : [],
  );
