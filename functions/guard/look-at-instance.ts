import { findHostTrouble, isStatusCheck } from '../health/host-trouble';
import { step } from '../incident/ending-step';
import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { describeInstance } from './describe';
import { checkEligibility } from './eligibility';
import { notConfirmed } from './mark';
import { readMark } from './quarantine';
import { describeReturnFacts } from './return-facts';

const input = z.object({ incident: targetedIncidentSchema });

/** Reads the instance and decides whether it may be stopped and will come back; changes nothing. */
export const handler = step('look-at-instance', input, async ({ incident }, { clock, config }) => {
  const snapshot = await describeInstance(incident.instanceId);
  const looked = { ...snapshot, returnFacts: await describeReturnFacts(snapshot, config) };
  const { refusal, notes } = checkEligibility(looked, config);
  if (!refusal) {
    const isAsked = isStatusCheck(incident.alarm?.metricNames ?? []);
    const trouble = isAsked ? await findHostTrouble(snapshot, clock.now(), config) : undefined;
    return trouble ? { verdict: 'REFUSED', notes, conclusion: trouble } : { verdict: 'ELIGIBLE', notes };
  }
  const mark = refusal.code === 'quarantined' && (await readMark(snapshot.instanceId, snapshot.tags, config));
  if (mark && mark.state === 'unconfirmed') return { verdict: 'REFUSED', notes, conclusion: notConfirmed(mark) };
  return { verdict: 'REFUSED', notes, conclusion: { outcome: 'SKIPPED', ...refusal } };
});
