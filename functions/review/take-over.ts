import { readAlarmName } from '../enrolment/alarm-kinds';
import type { Proposal } from './threshold';

/**
 * The command that applies a proposal: the tag that sets an instance's threshold.
 * @returns undefined for an alarm that enrolment did not create, or whose threshold no tag sets
 */
export function commandFor({ alarmName, proposed }: Proposal, stage: string): string | undefined {
  const known = readAlarmName(alarmName, stage);
  if (!known?.kind.override) return undefined;
  const { tag, most } = known.kind.override;
  if (proposed.threshold > most) return undefined;
  return `aws ec2 create-tags --resources ${known.instanceId} --tags Key=${tag},Value=${proposed.threshold}`;
}
