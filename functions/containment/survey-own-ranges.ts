import { newIncidentSchema } from '../record/incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readOwnRanges } from './own-ranges';

const input = z.object({ incident: newIncidentSchema });

/** Reads which ranges are ours, for the question to a person. Changes nothing. */
export const handler = step('survey-own-ranges', input, async () => ({ own: await readOwnRanges() }));
