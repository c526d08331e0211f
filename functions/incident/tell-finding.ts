import { type FindingEvent, findingEventSchema } from '../finding/event-schema';
import { type Finding, keyOfFinding } from '../finding/finding';
import { namedInstances } from '../finding/named-instances';
import { normaliseFinding } from '../finding/normalise';
import { routeOf } from '../finding/route';
import { findingStorm, joinStorm } from '../guard/storm';
import { sendNoticeOf } from '../notice/notify';
import { isPlaceRefusal, placeUnless } from '../place/codes';
import { here } from '../place/here';
import { inPlace, stayOf } from '../place/in-place';
import { scopeOf } from '../place/place';
import type { Conclusion, Refusal } from '../record/conclusion';
import type { NewIncident } from '../record/incident';
import { newIncident } from '../record/new-incident';
import { closeRecord, isClosed, openRecord } from '../record/store';
import type { Config } from '../shared/config';
import { parseOutside, parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { type StepTools, step } from '../shared/step';
import { toldUnder } from './told';

const count = z.pipe(
  z.matching(/^\d+(\.\d+)?$/, 'a number'),
  z.transform((text: string) => Number(text)),
);
const environment = z.object({ ISOLATE_SEVERITY: count, BLOCK_SEVERITY: count });

/**
 * Receives every GuardDuty finding. One about EC2 that no rule passes to a playbook becomes an incident that only notifies.
 * Idempotent: a second delivery is the same incident.
 * @throws InvalidInputError naming the field
 */
export const handler = step('tell-finding', z.unknown(), async (event, tools) => {
  const parsed = parseOutside(findingEventSchema, event, 'event');
  const refusal = untold(parsed);
  if (!refusal) return { verdict: 'HANDLED' };
  const scope = { ...scopeOf(tools.config), lowestSeverity: 0, drill: false };
  const { finding, refusal: leave } = normaliseFinding(parsed, scope);
  return tell(finding, placeUnless(leave, finding, scope), endOfUntold(refusal, leave, finding), tools);
});

/** Why a finding about EC2 starts nothing; undefined if it starts something, or is about something else. */
function untold({ detail }: FindingEvent): Refusal | undefined {
  const { ISOLATE_SEVERITY, BLOCK_SEVERITY } = parseWith(environment, process.env, 'environment');
  const { type, severity, resource, service } = detail;
  const instanceIds = namedInstances(detail);
  const found = { type, severity, resourceType: resource.resourceType, role: service.resourceRole, instanceIds };
  const route = routeOf(found, { isolate: ISOLATE_SEVERITY, block: BLOCK_SEVERITY });
  return route.starts === 'told' ? route.refusal : undefined;
}

/** What is not of the stage's places, or contradicts itself, stands for a threat as much as any other finding. */
function endOfUntold(refusal: Refusal, leave: Refusal | undefined, finding: Finding): Conclusion {
  if (!leave || leave.code === 'several-instances') return endOf(refusal, finding);
  return isPlaceRefusal(leave.code) ? endOf(leave, finding) : { outcome: 'SKIPPED', ...leave };
}

/** GuardDuty's severity decides how urgent the notice is. Source: GuardDuty user guide, "Severity levels". */
function endOf({ code, reason }: Refusal, { severity, title, instanceId }: Finding): Conclusion {
  const outcome = severity >= 7 ? 'ESCALATED' : severity >= 4 ? 'SUSPECTED' : 'SKIPPED';
  const about = instanceId ? ` The instance is ${instanceId}.` : '';
  return { outcome, code, reason: `${reason}${about} GuardDuty: ${title}` };
}

async function tell(
  finding: Finding,
  where: Pick<NewIncident, 'place'>,
  conclusion: Conclusion,
  { clock, config, ids }: StepTools,
) {
  const now = clock.now();
  const { findingArn, updatedAt, type, instanceId } = finding;
  const playbook = 'tell-finding';
  // It has no execution: the invocation, which Lambda's retries share, owns the record instead.
  const executionId = `${findingArn}#${ids()}`;
  const begun = { executionId, playbook, trigger: 'finding' as const, finding, ...where };
  const key = [keyOfFinding(finding, where.place), playbook, updatedAt].join('#');
  const incident = newIncident(key, instanceId ? { ...begun, instanceId } : begun, now, config);
  const { incidentId } = incident;
  const { owner } = await openRecord(incident, now, config);
  if (owner !== executionId) return { verdict: 'DUPLICATE', incidentId };
  if (!(await isClosed(incidentId, config)))
    await inPlace(stayOf({ incident }), () => end(incident, type, conclusion, now, config));
  await sendNoticeOf(incidentId, now, config);
  return { verdict: 'TOLD', incidentId };
}

/** Closes it, unless another incident tells the same. */
async function end(incident: NewIncident, type: string, conclusion: Conclusion, now: Date, config: Config) {
  const about = here(incident.instanceId ?? 'none');
  const teller = await toldUnder([about, conclusion.code, type], incident, now, config);
  const parentId = teller ? undefined : await joinStorm(incident, now, config, findingStorm);
  const found = parentId ? inStorm(conclusion, parentId) : conclusion;
  await closeRecord(incident, found, teller ? { toldBy: teller } : {}, now, config);
}

function inStorm({ outcome, reason }: Conclusion, parentId: string): Conclusion {
  return { outcome, code: 'storm', reason: `${reason} One of many findings; see incident ${parentId}.` };
}
