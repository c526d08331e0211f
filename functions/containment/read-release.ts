import { pageable } from '../notice/subject';
import { newIncident } from '../record/new-incident';
import { requestSchema, startedSchema } from '../shared/manual-start';
import { parseOutside } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readIsolation } from './isolation-record';

/** A person's request to release, with the incident that isolated the instance. */
const release = z.extend(requestSchema, { isolatedBy: z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID') });

/** Parses a request to release and looks up the instance in the isolation's record. @throws InvalidInputError, RecordIncompleteError */
export const handler = step(
  'read-release',
  startedSchema,
  async ({ event, executionId, playbook }, { clock, config }) => {
    const { isolatedBy, reason, requestedBy, drill } = parseOutside(release, event, 'event');
    const { instanceId, place } = await readIsolation(isolatedBy, config);
    // As the isolation left it: whether it is still on the list is asked before each call.
    const where = place ? { place } : {};
    const request = { reason, requestedBy };
    const begun = {
      executionId,
      playbook,
      trigger: 'manual' as const,
      drill,
      instanceId,
      request,
      isolatedBy,
      ...where,
    };
    return pageable(newIncident(`release#${executionId}`, begun, clock.now(), config));
  },
);
