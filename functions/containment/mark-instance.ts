import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { quarantineTag } from '../guard/tags';
import { leasedIncidentSchema } from '../record/leased-incident';
import { ec2 } from '../shared/clients/ec2';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';

const input = z.object({ incident: leasedIncidentSchema });

/** Tags the instance with the incident that isolates it, so that no other playbook acts on it. Idempotent; a release removes the tag. */
export const handler = step('mark-instance', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools);
  const words = { what: 'Tagging the instance as quarantined.', revert: 'remove the tag' };
  await saveBefore(incidentId, 'tag', {}, words, tools);
  await ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: quarantineTag, Value: incidentId }] }));
  return { tag: quarantineTag };
});
