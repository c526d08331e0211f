import { pageable } from '../notice/subject';
import { placeSchema, scopeOf } from '../place/place';
import { askedPlace } from '../place/place-of';
import { newIncident } from '../record/new-incident';
import { instanceIdSchema } from '../shared/identifiers';
import { askedPlaceSchema, isManualStart, requestSchema, startedSchema } from '../shared/manual-start';
import { parseOutside } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const manual = z.extend(requestSchema, { instanceId: instanceIdSchema, place: askedPlaceSchema });

/** What the step that finds planned events passes on; the event itself is read from EC2 again. */
export const proposalSchema = z.object({
  start: z.literal('schedule'),
  instanceId: instanceIdSchema,
  /** The same for every proposal of the same event in the same window. */
  proposal: z.matching(/^[0-9a-f]{20}$/, 'the ID of a proposal'),
  place: z.optional(placeSchema),
});
export type Proposal = z.output<typeof proposalSchema>;

/** Parses whose host is to be looked at. @throws InvalidInputError naming the field */
export const handler = step(
  'read-maintenance',
  startedSchema,
  async ({ event, executionId, playbook }, { clock, config }) => {
    const now = clock.now();
    if (isManualStart(event)) {
      const { instanceId, drill, reason, requestedBy, place } = parseOutside(manual, event, 'event');
      const request = { reason, requestedBy };
      const where = askedPlace(place, scopeOf(config));
      const begun = { executionId, playbook, trigger: 'manual' as const, drill, instanceId, request, ...where };
      return pageable(newIncident(`manual#${executionId}`, begun, now, config));
    }
    const { instanceId, proposal, place } = parseOutside(proposalSchema, event, 'event');
    const begun = { executionId, playbook, trigger: 'schedule' as const, instanceId, ...(place ? { place } : {}) };
    return pageable(newIncident(`maintenance#${proposal}`, begun, now, config));
  },
);
