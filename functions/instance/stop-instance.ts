import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import { assertMayChange } from '../guard/may-change';
import { allowTags, isTagged } from '../guard/tags';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { hasEntry, writeEntry } from '../record/store';
import { ec2Once } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { decideForce, decideStop, stoppedByOthers } from './decide';

const input = z.object({ incident: leasedIncidentSchema, force: z._default(z.optional(z.boolean()), false) });

/**
 * Stops the instance, at most once per incident: the intent is recorded first, so a retry observes instead of repeating.
 * "Start instance" reverts it.
 */
export const handler = step('stop-instance', input, async ({ incident, force }, tools) => {
  const { incidentId, instanceId } = incident;
  const snapshot = await assertMayChange(incident, tools, { action: 'stop-start', rung: 2 });
  const askedBefore = await hasEntry(incidentId, 'stop-requested', tools.config);
  const decision = force
    ? decideForce(snapshot.state, askedBefore, isTagged(snapshot.tags, allowTags.forceStop))
    : decideStop(snapshot.state, askedBefore);
  const at = tools.clock.now().toISOString();
  if (decision === 'observe') return { at, state: snapshot.state };
  const { state, publicIp, launchedAt } = snapshot;
  const before = { state, ...(publicIp ? { publicIp } : {}), ...(launchedAt ? { launchedAt } : {}) };
  const what = force ? 'Asked EC2 to force the stop of the instance.' : 'Asked EC2 to stop the instance.';
  const key = force ? 'force-stop-requested' : 'stop-requested';
  await writeEntry(incidentId, { key, at, what, before, revert: 'start the instance' }, tools.config);
  const { StoppingInstances } = await ec2Once.send(
    new StopInstancesCommand({ InstanceIds: [instanceId], ...(force ? { Force: true } : {}) }),
  );
  // What we read may have been old. EC2 says what its state was; after a lost response that would be our own stop.
  const was = StoppingInstances?.[0]?.PreviousState?.Name;
  if (!askedBefore && !force && (was === 'stopping' || was === 'stopped')) {
    const found = {
      key: stoppedByOthers,
      at,
      what: `EC2 says that the instance was ${was} already: someone else stopped it.`,
    };
    await writeEntry(incidentId, found, tools.config);
    decideStop(was, false);
  }
  return { at, state: 'stopping', before };
});
