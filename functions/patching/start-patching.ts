import { ListCommandsCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { assertApproved } from '../approval/approved';
import { assertInTurn } from '../guard/in-turn';
import { fence } from '../guard/lease';
import { assertMayAct } from '../guard/may-act';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { patchEntry, writeEntry } from '../record/store';
import { askAgain } from '../shared/ask-again';
import { ssm, ssmOnce } from '../shared/clients/ssm';
import * as z from '../shared/schema';
import { type Patch, patchSchema } from './patch';

const input = z.object({ incident: z.extend(leasedIncidentSchema, { request: patchSchema }) });
const document = 'AWS-RunPatchBaseline';

/**
 * Sends the patch command, at most once per incident: the command's comment is the incident's ID, with which a retry
 * finds it. The playbook does not uninstall patches, so an install has no revert.
 */
export const handler = step('start-patching', input, async ({ incident }, tools) => {
  const { clock, config } = tools;
  const { incidentId, instanceId, lease, request } = incident;
  await assertMayAct(incident, config);
  await assertInTurn(incident, config);
  if (request.operation === 'install')
    await assertApproved(incident, { subject: 'install', instanceId, reboot: request.reboot }, tools);
  const now = clock.now();
  await fence({ instanceId, incidentId, token: lease.token }, now, config, { rung: 1 });
  const at = now.toISOString();
  const what = `Asked Systems Manager to run ${document} (${request.operation}).`;
  const isFirst = await writeEntry(incidentId, { key: patchEntry, at, what }, config);
  const known = isFirst ? undefined : await askAgain(() => findCommand(instanceId, incidentId));
  const commandId = known ?? (await sendCommand(instanceId, incidentId, request));
  return { at, commandId };
});

/** Systems Manager lists a command only a moment after it was sent, so one list without it proves nothing. */
async function findCommand(InstanceId: string, incidentId: string): Promise<string | undefined> {
  const { Commands } = await ssm.send(
    new ListCommandsCommand({ InstanceId, Filters: [{ key: 'DocumentName', value: document }] }),
  );
  return Commands?.find(({ Comment }) => Comment === incidentId)?.CommandId;
}

async function sendCommand(instanceId: string, incidentId: string, { operation, reboot }: Patch): Promise<string> {
  const { Command } = await ssmOnce.send(
    new SendCommandCommand({
      DocumentName: document,
      InstanceIds: [instanceId],
      Comment: incidentId,
      TimeoutSeconds: 600,
      Parameters: { Operation: [operation === 'scan' ? 'Scan' : 'Install'], RebootOption: [reboot] },
    }),
  );
  return Command?.CommandId ?? '';
}
