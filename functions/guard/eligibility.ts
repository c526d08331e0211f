import type { Config } from '../shared/config';
import type { ReturnFacts, Snapshot } from './snapshot';
import { allowTags, isTagged, whyNotOptedIn, whyProtected, whyQuarantined } from './tags';

export type Looked = Snapshot & { returnFacts: ReturnFacts };
type Settings = Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG' | 'AUTO_SCALING' | 'ADDRESS_CHANGE'>;

export interface Rule {
  /** What the operator does about it: the line of the operating guide. */
  todo: string;
  /** The steps that say it, where that is not only check-eligibility. */
  by?: string;
  /** The reason why the instance is left alone, if it is. */
  says(looked: Looked, settings: Settings): string | false | undefined;
}

const shared = 'check-eligibility, check-patching, plan-isolation, close-incident';

/**
 * The will-it-come-back check, each rule under its code, in the order in which a person would ask.
 * Source of each rule: EC2 user guide "Stop and start Amazon EC2 instances", "Spot Instance interruptions", "Auto Scaling health checks".
 */
export const eligibilityRules = {
  protected: {
    todo: 'nothing: its owner wants no automation on it',
    by: shared,
    says: ({ tags }, settings) => whyProtected(tags, settings),
  },
  'not-opted-in': {
    todo: 'tag the instance if automation should help it',
    by: shared,
    says: ({ tags }, settings) => whyNotOptedIn(tags, settings),
  },
  quarantined: {
    todo: '[release](operating.md#release-an-isolated-instance) the instance when the incident is over',
    by: 'check-eligibility, check-patching',
    says: ({ tags }) => whyQuarantined(tags),
  },
  'stopped-by-others': {
    todo: 'start the instance if nobody meant to stop it',
    by: 'check-eligibility, close-incident',
    says: ({ state }) =>
      (state === 'stopping' || state === 'stopped') &&
      `Somebody else has stopped the instance (it is ${state}); it is not ours to start.`,
  },
  'still-pending': {
    todo: 'nothing; the alarm goes off again if the trouble stands',
    says: ({ state }) => state === 'pending' && 'The instance is still starting; an alarm now says little.',
  },
  'instance-store-root': {
    todo: 'replace the instance; it cannot be stopped',
    says: ({ rootDeviceType }) =>
      rootDeviceType === 'instance-store' &&
      'Its root volume is on instance store: it cannot be stopped, only terminated.',
  },
  'instance-store-data': {
    todo: 'tag it as the reason says if its data may be lost, or restart it yourself',
    says: ({ returnFacts, tags }) =>
      returnFacts.hasInstanceStore &&
      !isTagged(tags, allowTags.instanceStoreLoss) &&
      `A stop would lose its instance-store data; allow it by ${allowTags.instanceStoreLoss}=true.`,
  },
  'one-time-spot': {
    todo: 'replace the instance; it cannot be started again',
    says: ({ isSpot, returnFacts }) =>
      isSpot &&
      returnFacts.spotType !== 'persistent' &&
      'It is a one-time Spot instance: it cannot be stopped and started.',
  },
  'stop-protection': {
    todo: 'switch stop protection off if it may be restarted, or restart it yourself',
    says: ({ returnFacts }) => returnFacts.stopProtected && 'Stop protection is on; automation never switches it off.',
  },
  'auto-scaling-member': {
    todo: 'leave it to its group, or set what the stage does with members',
    says: ({ autoScalingGroup }, { AUTO_SCALING }) =>
      autoScalingGroup &&
      AUTO_SCALING === 'refuse' &&
      `It belongs to the Auto Scaling group ${autoScalingGroup}, which would replace it.`,
  },
  'auto-scaling-not-in-service': {
    todo: 'find out who or what is moving it in its group',
    says: ({ returnFacts: { scaling } }) =>
      scaling &&
      scaling.lifecycle !== 'InService' &&
      `In its Auto Scaling group it is ${scaling.lifecycle}: somebody or something else is at it.`,
  },
  'auto-scaling-minimum': {
    todo: "raise the group's desired capacity, or restart it yourself",
    says: ({ returnFacts: { scaling } }) =>
      scaling &&
      scaling.desired - 1 < scaling.minimum &&
      `Its group ${scaling.group} may not go below ${scaling.minimum}; a Standby would.`,
  },
  'key-unusable': {
    todo: 'enable the key that the reason names',
    says: ({ returnFacts }) =>
      returnFacts.unusableKeys.length > 0 &&
      `The key of a volume is not enabled (${returnFacts.unusableKeys[0]}): it would not start again.`,
  },
  'address-changes': {
    todo: 'give it an Elastic IP, or set that addresses may change',
    says: ({ publicIp, hasElasticIp }, { ADDRESS_CHANGE }) =>
      publicIp &&
      !hasElasticIp &&
      ADDRESS_CHANGE === 'refuse' &&
      `It has no Elastic IP: its public address ${publicIp} would change.`,
  },
} satisfies Record<string, Rule>;

export interface Eligibility {
  refusal?: { code: keyof typeof eligibilityRules; reason: string };
  /** What a person should know although it does not stop us, for example that the public address changes. */
  notes: string[];
}

/** Whether stopping the instance is allowed and it will come back; the first rule that says no gives the reason. */
export function checkEligibility(looked: Looked, settings: Settings): Eligibility {
  const refusals = Object.entries<Rule>(eligibilityRules).map(([code, rule]) => ({
    code: code as keyof typeof eligibilityRules,
    reason: rule.says(looked, settings),
  }));
  const no = refusals.find(({ reason }) => reason);
  const { publicIp, hasElasticIp, returnFacts } = looked;
  const notes = [
    ...(publicIp && !hasElasticIp
      ? [`It has no Elastic IP: its public address ${publicIp} changes with a stop and start.`]
      : []),
    ...returnFacts.customerKeys.map(
      (key) => `A volume is encrypted under the customer key ${key}; starting needs a grant on it.`,
    ),
    ...(looked.hibernation ? ['Hibernation is configured; a plain stop is used, so memory is not kept.'] : []),
  ];
  return no ? { refusal: { code: no.code, reason: String(no.reason) }, notes } : { notes };
}
