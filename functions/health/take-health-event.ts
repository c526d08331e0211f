import { PlaceUnreachableError } from '../place/errors';
import { inPlace } from '../place/in-place';
import { kept, scopeOf } from '../place/place';
import { placeOf } from '../place/place-of';
import { expiryOf } from '../record/store';
import { updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { logger } from '../shared/logger';
import { parseOutside } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { type HealthEvent, healthEventSchema } from './event-schema';
import { entitiesOf, type Issue, isIssue, issueKey, toIssue } from './issue';
import { zonesOf } from './locate';

/**
 * Keeps what AWS Health says of an issue of EC2 or EBS; the guards read it before a stop. Idempotent: each communication
 * counts once, whichever copy of it comes, and in whichever order.
 * @throws InvalidInputError naming the field
 */
export const handler = step('take-health-event', z.unknown(), async (given, { clock, config }) => {
  const event = parseOutside(healthEventSchema, given, 'event');
  const scope = scopeOf(config);
  const { place: found, refusal } = placeOf('health', event, scope);
  if (refusal || !isIssue(event)) return { verdict: 'NOT_OURS' };
  const { place } = kept(found, scope);
  const zones = await inPlace(place && { place, incidentId: issueKey(event).sk }, () => zonesIn(event));
  const issue = { ...toIssue(event, zones), ...(place ? { account: place.account } : {}) };
  const isNew = await keep(event, issue, clock.now(), config);
  return { verdict: isNew ? 'KEPT' : 'KNOWN', code: issue.code, zones: issue.zones };
});

/** The zones of what it names; of an account that cannot be reached none, which makes a wide issue one of its whole region. */
async function zonesIn(event: HealthEvent): Promise<string[]> {
  try {
    return await zonesOf(entitiesOf(event));
  } catch (error) {
    if (!(error instanceof PlaceUnreachableError)) throw error;
    logger.error('the zones of an issue are unknown', { eventArn: event.detail.eventArn, why: error.message });
    return [];
  }
}

/** @returns false for a communication that is known, or older than what is */
async function keep(event: HealthEvent, issue: Issue, now: Date, config: Config): Promise<boolean> {
  const communication = event.detail.communicationId ?? event.time;
  const fields = Object.entries({ ...issue, endsAt: issue.endsAt ?? null, expiresAt: expiryOf(now, config) });
  const kept = await updateIf(
    {
      Key: issueKey(event),
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}, communications = list_append(if_not_exists(communications, :none), :these)`,
      ConditionExpression:
        'attribute_not_exists(pk) OR (#updatedAt <= :updatedAt AND NOT contains(communications, :this))',
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
        ':none': [],
        ':this': communication,
        ':these': [communication],
      },
    },
    config,
  );
  return kept !== undefined;
}
