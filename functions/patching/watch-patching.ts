import { ListCommandInvocationsCommand } from '@aws-sdk/client-ssm';
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

/**
 * The status of the whole command on the instance; none until Systems Manager lists it, a moment after the command. Not by
 * GetCommandInvocation, which answers for one step of a document and rejects a document of several without its name.
 * Source: Systems Manager API reference, ListCommandInvocations and GetCommandInvocation (PluginName).
 */
async function readStatus(CommandId: string, InstanceId: string): Promise<string | undefined> {
  const { CommandInvocations } = await ssm.send(new ListCommandInvocationsCommand({ CommandId, InstanceId }));
  return CommandInvocations?.[0]?.Status;
}
