import { changesSchema } from '../context/changes';
import * as z from '../shared/schema';
import { conclusionSchema } from './conclusion';
import { failureSchema } from './failure';
import { newIncidentSchema } from './incident';

const concluding = z.object({ conclusion: z.optional(conclusionSchema) });

/** The steps whose results may end the run, in order; the last conclusion counts. */
export const concludingSteps = [
  'opening',
  'lease',
  'eligibility',
  'isolationPlan',
  'plan',
  'leaving',
  'confirmation',
  'poll',
  'start',
  'returning',
  'recovery',
  'approval',
  'reservation',
  'isolation',
  'release',
  'block',
  'patch',
  'handover',
  'investigation',
] as const;

/** The part of an execution's state that is needed to close the incident. */
export const closingIncidentSchema = z.extend(newIncidentSchema, {
  opening: z.optional(concluding),
  confirmation: z.optional(concluding),
  eligibility: z.optional(z.extend(concluding, { notes: z.optional(z.array(z.string())) })),
  lease: z.optional(z.extend(concluding, { token: z.optional(z.number()) })),
  /** What changed in the time before the incident. */
  changes: z.optional(changesSchema),
  score: z.optional(z.looseObject({ explanation: z.optional(z.string()) })),
  plan: z.optional(z.extend(concluding, { action: z.optional(z.string()) })),
  stop: z.optional(z.object({ at: z.string() })),
  reboot: z.optional(z.object({ at: z.string() })),
  poll: z.optional(z.extend(concluding, { goal: z.optional(z.string()), verdict: z.optional(z.string()) })),
  start: z.optional(concluding),
  recovery: z.optional(concluding),
  approval: z.optional(concluding),
  reservation: z.optional(concluding),
  isolationPlan: z.optional(concluding),
  isolation: z.optional(z.extend(concluding, { notes: z.optional(z.array(z.string())) })),
  release: z.optional(concluding),
  block: z.optional(
    z.extend(concluding, { cidr: z.optional(z.string()), more: z.optional(z.array(z.object({ cidr: z.string() }))) }),
  ),
  /** The patch command, once sent, and its last known status. */
  command: z.optional(z.object({ commandId: z.string() })),
  /** Another playbook that was started. */
  handover: z.optional(concluding),
  patch: z.optional(z.extend(concluding, { status: z.optional(z.string()) })),
  investigation: z.optional(concluding),
  /** The final check failed, so it is unknown whether every change is in place. */
  verifyFailure: z.optional(failureSchema),
  failure: z.optional(failureSchema),
  compensation: z.optional(z.object({ leftStopped: z.boolean(), leftOutOfService: z.boolean(), state: z.string() })),
  leaving: z.optional(
    z.extend(concluding, {
      verdict: z.string(),
      membership: z.optional(z.object({ group: z.optional(z.string()), targets: z.array(z.unknown()) })),
    }),
  ),
  returning: z.optional(z.extend(concluding, { verdict: z.string() })),
});
export type ClosingIncident = z.output<typeof closingIncidentSchema>;
