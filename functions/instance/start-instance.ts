import { StartInstancesCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod/mini';
import { assertMayChange } from '../guard/may-change';
import { leasedIncidentSchema } from '../incident/incident';
import { hasEntry, writeEntry } from '../incident/store';
import { ec2 } from '../shared/clients/ec2';
import { step } from '../shared/step';
import { decideStart } from './decide';

const input = z.object({ incident: leasedIncidentSchema });

/** Starts the instance that this incident stopped; safe to run again. A start that EC2 accepts is not yet a running instance. */
export const handler = step('start-instance', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  const snapshot = await assertMayChange(incident, tools);
  const decision = decideStart(snapshot.state, await hasEntry(incidentId, 'stop-requested', tools.config));
  const at = tools.clock.now().toISOString();
  if (decision === 'observe') return { at, state: snapshot.state };
  await writeEntry(incidentId, { key: 'start-requested', at, what: 'Asked EC2 to start the instance.' }, tools.config);
  await ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
  return { at, state: 'pending' };
});
