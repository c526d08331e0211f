import { leasedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readMetadata } from './describe';
import { assertMayIsolate } from './may-isolate';
import { setMetadata } from './metadata-options';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/**
 * Switches the instance metadata service off, which no security group reaches. Credentials that the instance has fetched
 * already stay valid until they expire. Idempotent; a release restores every option.
 */
export const handler = step('switch-metadata-off', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools, 'switchMetadataOff');
  const words = { what: 'Switching the instance metadata service off.', revert: 'restore its options' };
  await saveBefore(incidentId, 'metadata', await readMetadata(instanceId), words, tools);
  await setMetadata(instanceId, { HttpEndpoint: 'disabled' });
  return { off: true };
});
