import { paginateDescribeSessions, TerminateSessionCommand } from '@aws-sdk/client-ssm';
import { leasedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import { ssm } from '../shared/clients/ssm';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { NotVerifiedError } from './group-rules';
import { assertMayIsolate } from './may-isolate';

const input = z.object({ incident: leasedIncidentSchema });

/**
 * Ends the sessions of Systems Manager that are open on the instance: they outlive the credentials that opened them, and the
 * cut where the agent reaches Systems Manager through an interface endpoint. Idempotent; there is nothing to restore.
 * Source: Systems Manager API reference, DescribeSessions and TerminateSession ("a session cannot be resumed").
 * @throws NotVerifiedError while some are still open
 */
export const handler = step('end-sessions', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools, 'endSessions');
  const open = await openSessions(instanceId);
  if (open.length === 0) return { ended: 0 };
  const what = `Ending ${plural(open.length, 'session')} of Systems Manager: ${open.join(', ')}.`;
  const at = tools.clock.now().toISOString();
  await writeEntry(
    incidentId,
    { key: `sessions-ended#${open.join(',').slice(0, 500)}`, at, what: what.slice(0, 1000) },
    tools.config,
  );
  for (const SessionId of open) await ssm.send(new TerminateSessionCommand({ SessionId }));
  const left = await openSessions(instanceId);
  if (left.length > 0) throw new NotVerifiedError(`Sessions of Systems Manager are still open: ${left.join(', ')}.`);
  return { ended: open.length };
});

/** The IDs of the sessions on an instance that have not ended, and are not ending. */
async function openSessions(instanceId: string): Promise<string[]> {
  const found: string[] = [];
  const Filters = [{ key: 'Target' as const, value: instanceId }];
  for await (const { Sessions } of paginateDescribeSessions({ client: ssm }, { State: 'Active', Filters })) {
    const open = (Sessions ?? []).filter(({ Status }) => Status !== 'Terminated' && Status !== 'Terminating');
    found.push(...open.flatMap(({ SessionId }) => SessionId ?? []));
  }
  return found.sort();
}
