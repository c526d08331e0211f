import { pageable } from '../notice/subject';
import { scopeOf } from '../place/place';
import { askedPlace } from '../place/place-of';
import { newIncident } from '../record/new-incident';
import { instanceIdSchema } from '../shared/identifiers';
import { askedPlaceSchema, manualStart, requestSchema, startedSchema } from '../shared/manual-start';
import { parseOutside, parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { operationSchema, rebootSchema } from './patch';

/** A request by a person or a schedule for a scan or an install; an install must say whether it may reboot. */
const asked = z.extend(requestSchema, {
  start: z.union([manualStart, z.literal('schedule')]),
  instanceId: instanceIdSchema,
  operation: operationSchema,
  reboot: z.optional(rebootSchema),
  place: askedPlaceSchema,
});

/** Parses a request to patch. @throws InvalidInputError naming the field, also for an install without a reboot option */
export const handler = step(
  'read-patch',
  startedSchema,
  async ({ event, executionId, playbook }, { clock, config }) => {
    const { start, instanceId, operation, reboot, place, reason, requestedBy, drill } = parseOutside(
      asked,
      event,
      'event',
    );
    const where = askedPlace(place, scopeOf(config));
    const chosen = parseWith(rebootSchema, operation === 'scan' ? 'NoReboot' : reboot, 'event.reboot');
    const request = { reason, requestedBy, operation, reboot: chosen };
    const begun = { executionId, playbook, trigger: start, drill, instanceId, request, ...where };
    return pageable(newIncident(`${start}#${executionId}`, begun, clock.now(), config));
  },
);
