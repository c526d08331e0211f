import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import { madeBy, powerChanges } from './changes';
import { gapMs } from './eligible';
import type { CallFact, RunFacts, Violation } from './facts';
import { recordOf } from './records';

/** B: no power change by an incident in mode observe, and none once the kill switch is on. */
export function onlyWhenAllowed(facts: RunFacts): Violation[] {
  const off = facts.items.find(({ pk, sk, on }) => pk === killSwitchKey.pk && sk === killSwitchKey.sk && on === true);
  const offSince = off ? Date.parse(String(off.at)) + gapMs : Number.POSITIVE_INFINITY;
  return powerChanges(facts).flatMap((call) => [
    ...(recordOf(facts, madeBy(call))?.mode === 'observe' ? [violation('B', call, 'in mode observe')] : []),
    ...(call.at > offSince ? [violation('B', call, 'while the kill switch was on')] : []),
  ]);
}

/** D: no power change by an execution that did not take the lease of the instance before. */
export function onlyUnderLease(facts: RunFacts): Violation[] {
  return powerChanges(facts)
    .filter((call) => {
      const execution = facts.executions.find(({ id }) => id === madeBy(call));
      return !execution?.path.some(({ state, at }) => state === 'Take lease' && at <= call.at);
    })
    .map((call) => violation('D', call, 'without the lease'));
}

const violation = (invariant: 'B' | 'D', { command, seq, resources }: CallFact, how: string): Violation => ({
  invariant,
  what: `${command} (call ${seq}) changed ${resources.join(', ')} ${how}`,
});
