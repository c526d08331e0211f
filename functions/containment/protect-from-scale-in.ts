import { leasedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';
import { readScaleIn, setScaleIn } from './scale-in';

const input = z.object({ incident: leasedIncidentSchema });

/**
 * Keeps Auto Scaling from terminating the instance when it scales in: EC2's termination protection does not, and Standby may
 * be refused. It does not keep Auto Scaling from replacing an instance that it finds unhealthy; only Standby does.
 * Idempotent; a release restores the setting.
 * Source: Auto Scaling user guide, "Use instance scale-in protection".
 */
export const handler = step('protect-from-scale-in', input, async ({ incident }, tools) => {
  const { incidentId, instanceId } = incident;
  await assertMayIsolate(incident, tools);
  const before = await readScaleIn(instanceId);
  if (!before) return { protected: false };
  const words = { what: `Protecting the instance from scale-in of ${before.group}.`, revert: 'restore the setting' };
  await saveBefore(incidentId, 'scale-in', before, words, tools);
  if (!before.isProtected) await setScaleIn(instanceId, { ...before, isProtected: true });
  return { protected: true };
});
