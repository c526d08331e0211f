import { pageable } from '../notice/subject';
import type { NewIncident } from '../record/incident';
import { step } from '../shared/step';
import { findingInputSchema, incidentOfFinding } from './incident-of-finding';

/** Parses the GuardDuty finding that started a playbook on an instance, once, into an incident. */
export const handler = step('read-finding', findingInputSchema, async (found, { clock, config }) => {
  const incident = incidentOfFinding(found, clock.now(), config);
  if (incident.instanceId || incident.refusal) return pageable(incident);
  const refusal = { code: 'no-instance', reason: 'The finding does not name an EC2 instance.' } as const;
  return pageable({ ...incident, refusal } satisfies NewIncident);
});
