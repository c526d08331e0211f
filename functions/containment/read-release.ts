import { pageable } from '../notice/subject';
import type { NewIncident } from '../record/incident';
import { incidentIdOf } from '../record/incident-id';
import { plainNameSchema } from '../shared/identifiers';
import { manualStart } from '../shared/manual-start';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readIsolation } from './isolation-record';

const input = z.object({ event: z.unknown(), executionId: z.string(), playbook: z.string() });

/** A person's request to release, with the incident that isolated the instance. */
const request = z.object({
  start: manualStart,
  isolatedBy: z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID'),
  reason: plainNameSchema,
  requestedBy: plainNameSchema,
  drill: z._default(z.optional(z.boolean()), false),
});

/** Parses a request to release and looks up the instance in the isolation's record. @throws InvalidInputError, RecordIncompleteError */
export const handler = step('read-release', input, async ({ event, executionId, playbook }, { clock, config }) => {
  const { isolatedBy, reason, requestedBy, drill } = parseWith(request, event, 'event');
  const { instanceId } = await readIsolation(isolatedBy, config);
  const incident: NewIncident & { isolatedBy: string } = {
    schemaVersion: 1,
    incidentId: incidentIdOf(`release#${executionId}`),
    executionId,
    playbook,
    trigger: 'manual',
    drill,
    mode: config.MODE,
    openedAt: clock.now().toISOString(),
    instanceId,
    request: { reason, requestedBy },
    isolatedBy,
  };
  return pageable(incident);
});
