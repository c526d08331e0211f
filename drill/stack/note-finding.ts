import type { CloudEvent, SimulatedCloud } from '../cloud';

/**
 * Lets GuardDuty have the finding of an event, in the account and region that the finding is of: the copy of an
 * administrator is about another account than its own. Other events change nothing.
 */
export function noteFinding(event: CloudEvent, clouds: () => readonly SimulatedCloud[]): void {
  if (event.source !== 'aws.guardduty') return;
  const { accountId, region } = event.detail;
  const found = clouds().find(({ place }) => place.account === accountId && place.region === region);
  found?.guardDuty.learn(event);
}
