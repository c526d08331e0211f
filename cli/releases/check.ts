import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { settingsOf } from '../../drill/stage/machine';
import { askStage } from '../ask-stage';
import type { Move } from './plan';
import { ReleaseError } from './read';

export interface ReleaseClients {
  sfn: SFNClient;
  lambda: LambdaClient;
  iam: IAMClient;
}

/** The modes in which a machine's functions run, before and after a move. */
export interface Modes {
  before: string;
  after: string;
}

/**
 * Checks that a version can still run, since an alias may be pointed to one whose functions or role are gone, and would
 * then fail at the first alarm.
 * @returns the modes before and after: versions of functions keep the mode with which they were deployed
 * @throws ReleaseError naming what is gone; StageCallError
 */
export async function checkMove({ from, to }: Move, clients: ReleaseClients): Promise<Modes> {
  const ask = <T>(call: () => Promise<T>) => askStage(`${from.playbook} was not moved to version ${to.number}`, call);
  const describe = (stateMachineArn: string) =>
    ask(() => clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn })));
  const modeOf = async (arn: string) =>
    (await ask(() => settingsOf({ ...clients, ec2: undefined as never }, arn))).MODE;
  const now = from.versions.find(({ number }) => number === from.live[0]?.number);
  const [before, after] = [now ? await describe(now.arn) : undefined, await describe(to.arn)];
  const gone = await ask(() => goneFunctions(after.definition ?? '', clients));
  // The role of what runs now is there; only a release that renamed roles has another.
  if (after.roleArn !== before?.roleArn) gone.push(...(await ask(() => goneRole(after.roleArn ?? '', clients))));
  if (gone.length > 0)
    throw new ReleaseError(
      `Version ${to.number} of ${from.playbook} can no longer run: ${gone.join(', ')} no longer exists. Nothing was moved; to go back, deploy the commit of that release.`,
    );
  return { before: now ? await modeOf(now.arn) : 'unknown', after: await modeOf(to.arn) };
}

async function goneFunctions(definition: string, { lambda }: ReleaseClients): Promise<string[]> {
  // `arn:aws:lambda:us-east-1:123456789012:function:name:7`
  const called = new Set([...definition.matchAll(/:function:([\w-]+:\d+)"/g)].map(([, one]) => one!));
  const gone: string[] = [];
  for (const one of called) {
    const [FunctionName, Qualifier] = one.split(':');
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier })).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
      gone.push(`function ${one}`);
    });
  }
  return gone;
}

/** IAM has the role's name at the end of its ARN, after a path if there is one. */
async function goneRole(roleArn: string, { iam }: ReleaseClients): Promise<string[]> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: roleArn.split('/').at(-1) }));
    return [];
  } catch (error) {
    if ((error as Error).name === 'NoSuchEntityException' || (error as Error).name === 'NoSuchEntity')
      return [`role ${roleArn}`];
    throw error;
  }
}
