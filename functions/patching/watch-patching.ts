import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import { targetedIncidentSchema } from '../record/leased-incident';
import { ssm } from '../shared/clients/ssm';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { commandLookSchema, judgeCommand } from './patch';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    command: z.object({ commandId: z.string() }),
    patch: z.optional(commandLookSchema),
  }),
  ceilingSeconds: z.number(),
});

/** Checks the progress of the patch command once; the state machine waits in between. Changes nothing. */
export const handler = step('watch-patching', input, async ({ incident, ceilingSeconds }, { clock }) => {
  const { instanceId, command, patch } = incident;
  const status = await readStatus(command.commandId, instanceId);
  return judgeCommand(status, patch, clock.now(), ceilingSeconds);
});

/** Systems Manager knows an invocation only a moment after the command. */
async function readStatus(CommandId: string, InstanceId: string): Promise<string | undefined> {
  try {
    return (await ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }))).Status;
  } catch (error) {
    if (error instanceof Error && error.name === 'InvocationDoesNotExist') return undefined;
    throw error;
  }
}
