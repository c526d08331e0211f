import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { paginateListStateMachines } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { StageClients } from './clients';
import { StageError } from './errors';

const settingsSchema = z.object({
  MODE: z.enum(['observe', 'act']),
  OPT_IN_TAG: z.string().min(1),
  PROTECTED_TAG: z.string().min(1),
});
/** The settings of the deployed functions. */
export type StageSettings = z.output<typeof settingsSchema>;

/**
 * The ARN of a playbook's machine on a stage, by its name in statemachines/machines.yml.
 * @throws StageError if there is none; SDK errors unchanged
 */
export async function findMachine({ sfn }: StageClients, stage: string, playbook: string): Promise<string> {
  const name = `incident-playbooks-${stage}-${playbook}`;
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    const found = stateMachines.find((machine) => machine.name === name);
    if (found?.stateMachineArn) return found.stateMachineArn;
  }
  throw new StageError(`There is no state machine "${name}" in this account and region. Is the stage deployed?`);
}

/**
 * The stage's mode and tags as deployed, read from the function that plans the action.
 * @throws StageError if they do not match this version; SDK errors unchanged
 */
export async function readSettings({ lambda }: StageClients, stage: string): Promise<StageSettings> {
  const FunctionName = `incident-playbooks-${stage}-plan-action`;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const parsed = settingsSchema.safeParse(Environment?.Variables);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new StageError(`The function ${FunctionName} has no valid ${path.join('.') || 'environment'}: ${message}`, {
    cause: parsed.error,
  });
}
