import { pageable } from '../notice/subject';
import { newIncident } from '../record/new-incident';
import { instanceIdSchema } from '../shared/identifiers';
import { isManualStart, requestSchema, startedSchema } from '../shared/manual-start';
import { parseOutside } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const manual = z.extend(requestSchema, { instanceId: instanceIdSchema });

/** What the step that finds planned events passes on; the event itself is read from EC2 again. */
export const proposalSchema = z.object({
  start: z.literal('schedule'),
  instanceId: instanceIdSchema,
  /** The same for every proposal of the same event in the same window. */
  proposal: z.matching(/^[0-9a-f]{20}$/, 'the ID of a proposal'),
});
export type Proposal = z.output<typeof proposalSchema>;

/** Parses whose host is to be looked at. @throws InvalidInputError naming the field */
export const handler = step(
  'read-maintenance',
  startedSchema,
  async ({ event, executionId, playbook }, { clock, config }) => {
    const now = clock.now();
    if (isManualStart(event)) {
      const { instanceId, drill, reason, requestedBy } = parseOutside(manual, event, 'event');
      const request = { reason, requestedBy };
      const begun = { executionId, playbook, trigger: 'manual' as const, drill, instanceId, request };
      return pageable(newIncident(`manual#${executionId}`, begun, now, config));
    }
    const { instanceId, proposal } = parseOutside(proposalSchema, event, 'event');
    const begun = { executionId, playbook, trigger: 'schedule' as const, instanceId };
    return pageable(newIncident(`maintenance#${proposal}`, begun, now, config));
  },
);
