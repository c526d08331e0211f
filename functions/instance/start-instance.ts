import { StartInstancesCommand } from '@aws-sdk/client-ec2';
import { describeInstance } from '../guard/describe';
import { assertMayChange } from '../guard/may-change';
import { markRefusedStart } from '../guard/turn';
import { step } from '../incident/ending-step';
import type { TimelineEntry } from '../record/incident';
import { leasedIncidentSchema } from '../record/leased-incident';
import { readEntry, writeEntry } from '../record/store';
import { BusyError, fromAws, InstanceGoneError } from '../shared/aws-errors';
import { ec2Once } from '../shared/clients/ec2';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { decideStart } from './decide';

const input = z.object({ incident: leasedIncidentSchema });
const beforeStop = z.object({ launchedAt: z.optional(z.string()) });

/** Starts the instance that this incident stopped; safe to run again. An accepted start is not yet a running instance. */
export const handler = step('start-instance', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  const snapshot = await assertMayChange(incident, tools);
  const stop = await readEntry(incidentId, 'stop-requested', tools.config);
  const decision = decideStart(snapshot.state, stop !== undefined, wasLaunchedSince(stop, snapshot.launchedAt));
  const at = tools.clock.now().toISOString();
  if (decision === 'observe') return { at, state: snapshot.state };
  await writeEntry(incidentId, { key: 'start-requested', at, what: 'Asked EC2 to start the instance.' }, tools.config);
  try {
    await ec2Once.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    if (isWithoutCapacity(error)) await markRefusedStart(incidentId, error.message, tools.clock.now(), tools.config);
    if (!(fromAws(error) instanceof InstanceGoneError)) throw error;
    // Gone is what EC2 no longer shows (then this throws); what it shows is only not known everywhere yet.
    await describeInstance(instanceId);
    throw new BusyError('EC2 does not find the instance for a start, although it shows it.', { cause: error });
  }
  return { at, state: 'pending' };
});

/** EC2's launch time changes with each start that takes effect, so our own clock is not compared. */
function wasLaunchedSince(stop: TimelineEntry | undefined, launchedAt: string | undefined): boolean {
  const known = stop && parseWith(beforeStop, stop.before ?? {}, 'entry.before').launchedAt;
  return known !== undefined && launchedAt !== undefined && launchedAt !== known;
}

/** The zone has no capacity, for others neither; a Spot request or a reservation concerns this instance alone. */
const isWithoutCapacity = (error: unknown): error is Error =>
  error instanceof Error && /^Insufficient\w*Capacity/.test(error.name);
