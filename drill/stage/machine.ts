import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  paginateListStateMachines,
} from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { aliasName } from '../../packaging/publish-machines';
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

/** What `live` starts: the alias, and the settings with which its functions run. */
export interface LiveMachine {
  aliasArn: string;
  settings: StageSettings;
}

/**
 * The alias by which rules start a machine, and the mode and tags that an execution started by it has: a machine calls
 * exact versions of its functions, whose environment was published with them. After a rollback of the alias, that is not
 * what was deployed last.
 * @throws StageError if the stage has no such alias, or its functions do not match this version; SDK errors unchanged
 */
export async function readLive(clients: StageClients, machineArn: string): Promise<LiveMachine> {
  const aliasArn = `${machineArn}:${aliasName}`;
  const { routingConfiguration = [] } = await clients.sfn.send(
    new DescribeStateMachineAliasCommand({ stateMachineAliasArn: aliasArn }),
  );
  const settings: StageSettings[] = [];
  for (const { stateMachineVersionArn, weight } of routingConfiguration) {
    if (weight) settings.push(await settingsOf(clients, stateMachineVersionArn!));
  }
  // An alias may divide its starts between two versions: what either may do counts.
  const chosen = settings.find(({ MODE }) => MODE === 'act') ?? settings[0];
  if (!chosen) throw new StageError(`The alias ${aliasArn} starts no version.`);
  return { aliasArn, settings: chosen };
}

/** The settings of the functions that a version of a machine calls; all have the same. */
export async function settingsOf({ sfn, lambda }: StageClients, stateMachineArn: string): Promise<StageSettings> {
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  // `arn:aws:lambda:us-east-1:123456789012:function:name:7`
  const [, FunctionName, Qualifier] = /:function:([\w-]+):(\d+)"/.exec(definition) ?? [];
  if (!FunctionName) throw new StageError(`${stateMachineArn} calls no version of a function.`);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
  const parsed = settingsSchema.safeParse(Environment?.Variables);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new StageError(
    `The function ${FunctionName}:${Qualifier} has no valid ${path.join('.') || 'environment'}: ${message}`,
    { cause: parsed.error },
  );
}
