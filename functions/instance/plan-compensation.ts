import { describeInstance } from '../guard/describe';
import { targetedIncidentSchema } from '../record/leased-incident';
import { hasEntry, membershipEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { compensationSchema, judgeCompensation } from './compensation';
import { stoppedByOthers } from './decide';

const input = z.object({
  incident: z.extend(targetedIncidentSchema, {
    compensation: z.optional(compensationSchema),
    poll: z.optional(z.object({ goal: z.string(), verdict: z.string() })),
  }),
  ceilingSeconds: z.number(),
});

/** Checks after a failure whether the instance is down, or out of service, because of us, and whether to bring it back. */
export const handler = step('plan-compensation', input, async ({ incident, ceilingSeconds }, { clock, config }) => {
  const { incidentId, instanceId, poll } = incident;
  const { state } = await describeInstance(instanceId);
  // An instance that ran again after our start and is down now was stopped by someone else.
  const ranAgain = poll?.goal === 'running' && poll.verdict === 'REACHED';
  const stopAsked =
    !ranAgain &&
    (await hasEntry(incidentId, 'stop-requested', config)) &&
    !(await hasEntry(incidentId, stoppedByOthers, config));
  const isOut =
    (await hasEntry(incidentId, membershipEntry, config)) && !(await hasEntry(incidentId, 'back-in-service', config));
  return judgeCompensation(state, { stopAsked, isOut }, incident.compensation, clock.now(), ceilingSeconds);
});
