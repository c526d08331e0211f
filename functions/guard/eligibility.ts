import type { Refusal } from '../alarm/alarm';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import type { Snapshot } from './snapshot';
import { allowTags, assertTagsAllow, isTagged, NotOptedInError, quarantineTag } from './tags';

/** What decides whether an instance that is stopped will start again. */
export interface ReturnFacts {
  hasInstanceStore: boolean;
  stopProtected: boolean;
  spotType?: string | undefined;
  /** Its Auto Scaling group, as far as a Standby has to respect it. */
  scaling?: { group: string; lifecycle: string; minimum: number; desired: number } | undefined;
  /** Customer managed keys of its volumes that are not enabled, so that EC2 could not decrypt. */
  unusableKeys: string[];
  customerKeys: string[];
}

export type Looked = Snapshot & { returnFacts: ReturnFacts };

export interface Eligibility {
  refusal?: Refusal;
  /** What a person should know although it does not stop us, for example that the public address changes. */
  notes: string[];
}

type Settings = Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG' | 'AUTO_SCALING' | 'ADDRESS_CHANGE'>;
type Rule = (looked: Looked, settings: Settings) => Refusal | undefined;

const refuse = (code: string, reason: string): Refusal => ({ code, reason });

/**
 * The will-it-come-back check, in the order in which a person would ask.
 * Source of each rule: EC2 user guide "Stop and start Amazon EC2 instances", "Spot Instance interruptions", "Auto Scaling health checks".
 */
const rules: readonly Rule[] = [
  ({ tags }, settings) => {
    try {
      assertTagsAllow(tags, settings);
      return undefined;
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      return refuse(error instanceof NotOptedInError ? 'not-opted-in' : 'protected', error.message);
    }
  },
  ({ tags }) =>
    tags[quarantineTag] !== undefined
      ? refuse(
          'quarantined',
          `The instance is isolated by incident ${tags[quarantineTag]}; only a release may change it.`,
        )
      : undefined,
  ({ state }) =>
    state === 'stopping' || state === 'stopped'
      ? refuse('stopped-by-others', `Somebody else has stopped the instance (it is ${state}); it is not ours to start.`)
      : undefined,
  ({ state }) =>
    state === 'pending'
      ? refuse('still-pending', 'The instance is still starting; an alarm now says little.')
      : undefined,
  ({ rootDeviceType }) =>
    rootDeviceType === 'instance-store'
      ? refuse('instance-store-root', 'Its root volume is on instance store: it cannot be stopped, only terminated.')
      : undefined,
  ({ returnFacts, tags }) =>
    returnFacts.hasInstanceStore && !isTagged(tags, allowTags.instanceStoreLoss)
      ? refuse(
          'instance-store-data',
          `A stop would lose its instance-store data; allow it by ${allowTags.instanceStoreLoss}=true.`,
        )
      : undefined,
  ({ isSpot, returnFacts }) =>
    isSpot && returnFacts.spotType !== 'persistent'
      ? refuse('one-time-spot', 'It is a one-time Spot instance: it cannot be stopped and started.')
      : undefined,
  ({ returnFacts }) =>
    returnFacts.stopProtected
      ? refuse('stop-protection', 'Stop protection is on; automation never switches it off.')
      : undefined,
  ({ autoScalingGroup }, { AUTO_SCALING }) =>
    autoScalingGroup && AUTO_SCALING === 'refuse'
      ? refuse(
          'auto-scaling-member',
          `It belongs to the Auto Scaling group ${autoScalingGroup}, which would replace it.`,
        )
      : undefined,
  ({ returnFacts: { scaling } }) =>
    scaling && scaling.lifecycle !== 'InService'
      ? refuse(
          'auto-scaling-not-in-service',
          `In its Auto Scaling group it is ${scaling.lifecycle}: somebody or something else is at it.`,
        )
      : undefined,
  ({ returnFacts: { scaling } }) =>
    scaling && scaling.desired - 1 < scaling.minimum
      ? refuse(
          'auto-scaling-minimum',
          `Its group ${scaling.group} may not go below ${scaling.minimum}; a Standby would.`,
        )
      : undefined,
  ({ returnFacts }) =>
    returnFacts.unusableKeys.length > 0
      ? refuse(
          'key-unusable',
          `The key of a volume is not enabled (${returnFacts.unusableKeys[0]}): it would not start again.`,
        )
      : undefined,
  ({ publicIp, hasElasticIp }, { ADDRESS_CHANGE }) =>
    publicIp && !hasElasticIp && ADDRESS_CHANGE === 'refuse'
      ? refuse('address-changes', `It has no Elastic IP: its public address ${publicIp} would change.`)
      : undefined,
];

/** Whether stopping the instance is allowed and it will come back; the first rule that says no gives the reason. */
export function checkEligibility(looked: Looked, settings: Settings): Eligibility {
  const refusal = rules.map((rule) => rule(looked, settings)).find((found) => found !== undefined);
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
  return { ...(refusal ? { refusal } : {}), notes };
}
