import { wordsOfFailure } from '../record/conclude';
import { failureSchema } from '../record/failure';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { buildNotice } from './notice';
import { publish } from './publish';

const input = z.object({
  executionId: z.string(),
  playbook: z.string(),
  incident: z.object({
    incidentId: z.optional(z.string()),
    instanceId: z.optional(z.string()),
    drill: z.optional(z.boolean()),
  }),
  failure: failureSchema,
});

/** What failed: an incident that could not be written down, or a run of the watchers that has no incident. */
function reasonOf(words: string, { incidentId }: { incidentId?: string | undefined }): string {
  return incidentId === undefined
    ? `The run failed before it was done, and changed no instance. ${words}`
    : `The incident could not be recorded (${words}); look at the instance and the execution yourself.`;
}

/** The last resort: the record could not be written, so a person is told without it. */
export const handler = step('page-person', input, async ({ executionId, playbook, incident, failure }, { config }) => {
  const facts = {
    incidentId: incident.incidentId ?? 'unknown',
    playbook,
    stage: config.STAGE,
    region: process.env.AWS_REGION ?? 'us-east-1',
    executionId,
    outcome: 'ESCALATED' as const,
    reason: reasonOf(wordsOfFailure(failure), incident),
    drill: incident.drill ?? false,
    instanceId: incident.instanceId,
    notes: [],
    timeline: [],
  };
  await publish(buildNotice(facts), config);
  return { outcome: 'ESCALATED', reason: facts.reason };
});
