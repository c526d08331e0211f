import { describeInstance } from '../guard/describe';
import { checkEligibility } from '../guard/eligibility';
import { describeReturnFacts } from '../guard/return-facts';
import { step } from '../incident/ending-step';
import { targetedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { tellPlanned } from './host-trouble';
import { concludeHost } from './maintenance';
import { plannedEventsOf } from './planned-events';

const input = z.object({ incident: targetedIncidentSchema });

/** Reads what EC2 has planned for the instance, and decides whether a person is asked to move it. Changes nothing. */
export const handler = step('look-at-host', input, async ({ incident }, { clock, config }) => {
  const { incidentId, instanceId } = incident;
  const snapshot = await describeInstance(instanceId);
  const returnFacts = await describeReturnFacts(snapshot, config);
  const [planned] = await plannedEventsOf(instanceId);
  const eligibility = checkEligibility({ ...snapshot, returnFacts }, config);
  const conclusion = concludeHost({ snapshot, returnFacts, planned, eligibility });
  const { notes } = eligibility;
  if (conclusion || !planned) return { verdict: 'REFUSED', notes, ...(conclusion ? { conclusion } : {}) };
  await writeEntry(incidentId, { key: 'planned', at: clock.now().toISOString(), what: tellPlanned(planned) }, config);
  const { code, notBefore } = planned;
  return { verdict: 'ASK', notes, planned: { code, ...(notBefore ? { notBefore } : {}) } };
});
