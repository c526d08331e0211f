import type { Snapshot } from '../guard/snapshot';
import type { Conclusion } from '../record/conclusion';
import type { Config } from '../shared/config';
import { type Concern, concernOf } from './issue';
import { readOpenIssues } from './open-issues';
import { type PlannedEvent, plannedEventsOf } from './planned-events';

type Where = Pick<Snapshot, 'instanceId' | 'availabilityZone' | 'volumeIds'>;

/** The open issue of AWS Health that concerns an instance, if there is one. */
export async function findConcern(where: Where, now: Date, config: Config): Promise<Concern | undefined> {
  const { instanceId, availabilityZone: zone = 'unknown', volumeIds } = where;
  return concernOf(await readOpenIssues(now, config), { instanceId, zone, volumeIds });
}

/** Whether an alarm's metrics are EC2's status checks. */
export const isStatusCheck = (metricNames: readonly string[]): boolean =>
  metricNames.some((name) => name.startsWith('StatusCheckFailed'));

/**
 * Why a failed status check is AWS's trouble, which a restart would run into: an open issue with the instance, its zone or
 * region, or work that EC2 has planned for its host.
 */
export async function findHostTrouble(where: Where, now: Date, config: Config): Promise<Conclusion | undefined> {
  const concern = await findConcern(where, now, config);
  if (concern) return refusalOf(concern);
  const [planned] = await plannedEventsOf(where.instanceId);
  return planned && hostImpaired(tellPlanned(planned));
}

/** Why nothing is stopped while an issue is open. */
export const refusalOf = (concern: Concern): Conclusion =>
  concern.isWide ? issueOpen(concern) : hostImpaired(tellConcern(concern));

const issueOpen = (concern: Concern): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'health-issue-open',
  reason: `${tellConcern(concern)} Nothing is stopped there until AWS closes it, or until ${concern.until} without news of it. The instance was left running.`,
});

const hostImpaired = (why: string): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'host-impaired',
  reason: `${why} That may be what is wrong with it, so the instance was left as it is.`,
});

const tellConcern = ({ code, where, startsAt }: Concern): string =>
  `AWS Health has an open issue with ${where} since ${startsAt} (${code}).`;

/** A planned event as a sentence. */
export function tellPlanned({ code, description, notBefore }: PlannedEvent): string {
  const when = notBefore ? `, not before ${notBefore}` : '';
  return `EC2 has planned ${code} for the instance${when}${description ? ` (${description})` : ''}.`;
}
