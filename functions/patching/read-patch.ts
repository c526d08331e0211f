import { pageable } from '../notice/subject';
import type { NewIncident } from '../record/incident';
import { incidentIdOf } from '../record/incident-id';
import { instanceIdSchema, plainNameSchema } from '../shared/identifiers';
import { manualStart } from '../shared/manual-start';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { operationSchema, type Patch, rebootSchema } from './patch';

const input = z.object({ event: z.unknown(), executionId: z.string(), playbook: z.string() });

/** A person or a schedule starts a scan or an install; whether an install may reboot has to be said. */
const request = z.object({
  start: z.union([manualStart, z.literal('schedule')]),
  instanceId: instanceIdSchema,
  operation: operationSchema,
  reboot: z.optional(rebootSchema),
  reason: plainNameSchema,
  requestedBy: plainNameSchema,
  drill: z._default(z.optional(z.boolean()), false),
});

/** Parses a request to patch. @throws InvalidInputError naming the field; an install without a reboot option is one */
export const handler = step('read-patch', input, async ({ event, executionId, playbook }, { clock, config }) => {
  const { start, instanceId, operation, reboot, reason, requestedBy, drill } = parseWith(request, event, 'event');
  const chosen = parseWith(rebootSchema, operation === 'scan' ? 'NoReboot' : reboot, 'event.reboot');
  const incident: NewIncident & { request: Patch & NonNullable<NewIncident['request']> } = {
    schemaVersion: 1,
    incidentId: incidentIdOf(`${start}#${executionId}`),
    executionId,
    playbook,
    trigger: start,
    drill,
    mode: config.MODE,
    openedAt: clock.now().toISOString(),
    instanceId,
    request: { reason, requestedBy, operation, reboot: chosen },
  };
  return pageable(incident);
});
