import { scopeOf } from '../place/place';
import { placeOf } from '../place/place-of';
import { expiryOf } from '../record/store';
import { updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
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
  if (placeOf('health', event, scopeOf(config)).refusal || !isIssue(event)) return { verdict: 'NOT_OURS' };
  const issue = toIssue(event, await zonesOf(entitiesOf(event)));
  const isNew = await keep(event, issue, clock.now(), config);
  return { verdict: isNew ? 'KEPT' : 'KNOWN', code: issue.code, zones: issue.zones };
});

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
