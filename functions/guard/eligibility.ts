import type { Config } from '../shared/config';
import type { ReturnFacts, Snapshot } from './snapshot';
import { allowTags, isTagged, whyNotOptedIn, whyProtected, whyQuarantined } from './tags';

export type Looked = Snapshot & { returnFacts: ReturnFacts };
type Settings = Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG' | 'AUTO_SCALING' | 'ADDRESS_CHANGE'>;

export interface Rule {
  /** What the operator should do: the line in docs/outcomes.md. */
  todo: string;
  /** The steps that report it, if not only look-at-instance. */
  by?: string;
  /** The reason to leave the instance alone, if there is one. */
  says(looked: Looked, settings: Settings): string | false | undefined;
}

const shared = 'look-at-instance, check-patching, plan-isolation, close-incident';

/**
 * The rules that decide whether an instance may be stopped and will come back, by code, in the order they are checked.
 * Source of each rule: EC2 user guide "Stop and start Amazon EC2 instances", "Spot Instance interruptions", "Auto Scaling health checks".
 */
export const eligibilityRules = {
  protected: {
    todo: 'nothing: its owner does not want automation',
    by: shared,
    says: ({ tags }, settings) => whyProtected(tags, settings),
  },
  'not-opted-in': {
    todo: 'tag the instance if automation may act on it',
    by: shared,
    says: ({ tags }, settings) => whyNotOptedIn(tags, settings),
  },
  quarantined: {
    todo: '[release](operating.md#release-an-isolated-instance) the instance when the incident is over',
    by: 'look-at-instance, check-patching',
    says: ({ tags }) => whyQuarantined(tags),
  },
  'stopped-by-others': {
    todo: 'start the instance if the stop was not intended',
    by: 'look-at-instance, close-incident',
    says: ({ state }) =>
      (state === 'stopping' || state === 'stopped') &&
      `Someone else stopped the instance (it is ${state}). Start it if it should be running.`,
  },
  'still-pending': {
    todo: 'nothing; check the alarm once the instance is running',
    says: ({ state }) => state === 'pending' && 'The instance is still starting, so its alarm means little yet.',
  },
  'instance-store-root': {
    todo: 'replace the instance; it cannot be stopped',
    says: ({ rootDeviceType }) =>
      rootDeviceType === 'instance-store' &&
      'The root volume is an instance store volume: the instance cannot be stopped, only terminated.',
  },
  'instance-store-data': {
    todo: 'set the tag in the reason if the data may be lost, or restart it yourself',
    says: ({ returnFacts, tags }) =>
      returnFacts.hasInstanceStore &&
      !isTagged(tags, allowTags.instanceStoreLoss) &&
      `A stop would lose the data on its instance store volumes. To allow that, set the tag ${allowTags.instanceStoreLoss}=true.`,
  },
  'one-time-spot': {
    todo: 'replace the instance; it cannot be started again',
    says: ({ isSpot, returnFacts }) =>
      isSpot && returnFacts.spotType !== 'persistent' && 'A one-time Spot instance cannot be stopped and started.',
  },
  'stop-protection': {
    todo: 'turn stop protection off if it may be restarted, or restart it yourself',
    says: ({ returnFacts }) => returnFacts.stopProtected && 'Stop protection is on, and automation never turns it off.',
  },
  'auto-scaling-member': {
    todo: 'leave it to its Auto Scaling group, or set `autoScaling: standby`',
    says: ({ autoScalingGroup }, { AUTO_SCALING }) =>
      autoScalingGroup &&
      AUTO_SCALING === 'refuse' &&
      `The instance belongs to the Auto Scaling group ${autoScalingGroup}, which would replace it.`,
  },
  'auto-scaling-not-in-service': {
    todo: 'find out who or what is changing its state in the group',
    says: ({ returnFacts: { scaling } }) =>
      scaling &&
      scaling.lifecycle !== 'InService' &&
      `In its Auto Scaling group the instance is ${scaling.lifecycle}, not InService: someone or something else is changing it.`,
  },
  'auto-scaling-minimum': {
    todo: "raise the group's desired capacity, or restart it yourself",
    says: ({ returnFacts: { scaling } }) =>
      scaling &&
      scaling.desired - 1 < scaling.minimum &&
      `Its Auto Scaling group ${scaling.group} may not go below its minimum of ${scaling.minimum}, so the instance cannot go to Standby.`,
  },
  'key-unusable': {
    todo: 'enable the KMS key in the reason',
    says: ({ returnFacts }) =>
      returnFacts.unusableKeys.length > 0 &&
      `The KMS key of a volume is not enabled (${returnFacts.unusableKeys[0]}): the instance would not start again.`,
  },
  'address-changes': {
    todo: 'give it an Elastic IP, or set `addressChange: record`',
    says: ({ publicIp, hasElasticIp }, { ADDRESS_CHANGE }) =>
      publicIp &&
      !hasElasticIp &&
      ADDRESS_CHANGE === 'refuse' &&
      `The instance has no Elastic IP: its public address ${publicIp} would change.`,
  },
} satisfies Record<string, Rule>;

/** The codes of the rules by themselves: most functions need no more of them, and are deployed without their texts. */
export const eligibilityCodes: Readonly<Record<keyof typeof eligibilityRules, true>> = {
  protected: true,
  'not-opted-in': true,
  quarantined: true,
  'stopped-by-others': true,
  'still-pending': true,
  'instance-store-root': true,
  'instance-store-data': true,
  'one-time-spot': true,
  'stop-protection': true,
  'auto-scaling-member': true,
  'auto-scaling-not-in-service': true,
  'auto-scaling-minimum': true,
  'key-unusable': true,
  'address-changes': true,
};

export interface Eligibility {
  refusal?: { code: keyof typeof eligibilityRules; reason: string };
  /** What people should know although it is no refusal, for example that the public address changes. */
  notes: string[];
}

/** Whether the instance may be stopped and will come back; the first rule that refuses gives the reason. */
export function checkEligibility(looked: Looked, settings: Settings): Eligibility {
  const refusals = Object.entries<Rule>(eligibilityRules).map(([code, rule]) => ({
    code: code as keyof typeof eligibilityRules,
    reason: rule.says(looked, settings),
  }));
  const no = refusals.find(({ reason }) => reason);
  const { publicIp, hasElasticIp, returnFacts } = looked;
  const notes = [
    ...(publicIp && !hasElasticIp
      ? [`The instance has no Elastic IP: its public address ${publicIp} changes with a stop and start.`]
      : []),
    ...returnFacts.customerKeys.map(
      (key) => `A volume is encrypted with the customer managed key ${key}; a start needs a grant on it.`,
    ),
    ...(looked.hibernation
      ? ['Hibernation is configured, but automation uses a normal stop, so memory is not preserved.']
      : []),
  ];
  return no ? { refusal: { code: no.code, reason: String(no.reason) }, notes } : { notes };
}
