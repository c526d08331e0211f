import * as z from 'zod/mini';
import { step } from '../shared/step';
import { newIncidentSchema } from './incident';
import { openRecord } from './store';

const input = z.object({ incident: newIncidentSchema });

/** Opens the record; another execution that has the same alarm transition already is told so, not raced. */
export const handler = step('open-incident', input, async ({ incident }, { clock, config }) => {
  const { owner } = await openRecord(incident, clock.now(), config);
  if (owner !== incident.executionId) return { verdict: 'DUPLICATE', owner };
  const { refusal } = incident;
  if (!refusal) return { verdict: 'OPENED', owner };
  return { verdict: 'REFUSED', owner, conclusion: { outcome: 'SKIPPED', ...refusal } };
});
