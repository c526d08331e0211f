import type { ClosingIncident } from '../record/closing-incident';
import type { Conclusion } from '../record/conclusion';
import { endsWell, type Outcome } from '../record/outcomes';
import { changesOf } from '../record/store';
import type { Config } from '../shared/config';

/** Ends that already say of an isolation what is missing, or that nothing is left to be contained. */
const saysSo: readonly Outcome[] = ['CONTAINED', 'PARTIAL', 'ESCALATED', 'GONE'];

/**
 * The end of an isolation that is closed in the middle, out of the order of its steps: once it has changed a network
 * interface it is PARTIAL, since what was changed stays until somebody completes or releases it.
 */
export async function asHalfDone(
  { incidentId, playbook }: ClosingIncident,
  conclusion: Conclusion,
  config: Config,
): Promise<Conclusion> {
  if (playbook !== 'isolate-instance' || saysSo.includes(conclusion.outcome)) return conclusion;
  const changed = await changesOf(incidentId, 'interface', config);
  if (changed.length === 0) return conclusion;
  const said = endsWell(conclusion.outcome) ? '' : `${conclusion.reason} `;
  const reason = `${said}The isolation was closed before it was verified, and ${changed.join(', ')} had been changed: complete it, or release it. The record has the state before each change.`;
  return { outcome: 'PARTIAL', code: conclusion.code, reason };
}
