import { here } from '../place/here';
import type { Conclusion } from '../record/conclusion';
import type { NewIncident } from '../record/incident';
import { isOfFleet } from '../record/standing';
import { putIf, readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';

const quietMinutes = 60;

/**
 * The same end is reported once per hour: a flood of findings must not overwhelm people with pages. Every record stays
 * escalated.
 * @returns the incident whose notice covers it, if that is another one
 */
export function toldBy(
  incident: NewIncident,
  target: string | undefined,
  conclusion: Conclusion,
  now: Date,
  config: Config,
): Promise<string | undefined> {
  const about = isOfFleet(conclusion) ? 'fleet' : (incident.instanceId ?? target ?? 'none');
  return toldUnder([here(about), conclusion.code], incident, now, config);
}

/**
 * The same, for whatever is one thing to people.
 * @param what names it within its playbook
 */
export async function toldUnder(
  what: readonly string[],
  { incidentId, playbook }: Pick<NewIncident, 'incidentId' | 'playbook'>,
  now: Date,
  config: Config,
): Promise<string | undefined> {
  const key = { pk: 'TOLD', sk: [playbook, ...what].join('#') };
  const until = now.getTime() + quietMinutes * 60_000;
  const isFirst = await putIf(
    {
      Item: { ...key, incidentId, until: new Date(until).toISOString(), expiresAt: Math.ceil(until / 1000) },
      ConditionExpression: 'attribute_not_exists(pk) OR #until < :now OR incidentId = :me',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': now.toISOString(), ':me': incidentId },
    },
    config,
  );
  return isFirst ? undefined : String((await readItem(key, config))?.incidentId);
}
