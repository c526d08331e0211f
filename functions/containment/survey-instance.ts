import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { describeEnvironment } from './describe';

const input = z.object({ incident: targetedIncidentSchema });

/** Reads everything about the instance that isolation changes; decides nothing and changes nothing. */
export const handler = step('survey-instance', input, async ({ incident }, { config }) =>
  describeEnvironment(incident.instanceId, config),
);
