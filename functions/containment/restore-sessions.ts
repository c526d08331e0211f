import { DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import { assertInTurn } from '../guard/in-turn';
import { fence } from '../guard/lease';
import { assertMayAct } from '../guard/may-act';
import { step } from '../incident/ending-step';
import { readEntry } from '../record/store';
import { iam } from '../shared/clients/iam';
import { parseWith } from '../shared/parse';
import { assertItsIsolation, assertReleaseApproved } from './may-release';
import { releasingRestoreInput } from './releasing';
import { beforeSchemas, changeKey } from './saved';

/** Deletes the policy that revoked the role's sessions. Idempotent: a missing policy is the desired state. */
export const handler = step('restore-sessions', releasingRestoreInput, async ({ incident, change }, tools) => {
  const { instanceId, incidentId, lease, isolatedBy } = incident;
  await assertMayAct(incident, tools.config);
  await assertInTurn(incident, tools.config);
  await fence({ instanceId, incidentId, token: lease.token }, tools.clock.now(), tools.config);
  await assertItsIsolation(incident, tools);
  await assertReleaseApproved(incident, tools);
  const entry = await readEntry(isolatedBy, changeKey('sessions'), tools.config);
  const { roleName, policyName } = parseWith(beforeSchemas.sessions, entry?.before, 'entry.before');
  try {
    await iam.send(new DeleteRolePolicyCommand({ RoleName: roleName, PolicyName: policyName }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchEntityException')) throw error;
  }
  return change;
});
