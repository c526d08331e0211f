import { quarantineTag, refusalByTags } from '../guard/tags';
import type { Refusal } from '../record/conclusion';
import type { Config } from '../shared/config';
import type { Environment } from './environment';
import type { IsolationSettings } from './settings';

export interface IsolationPlan {
  /** What will be done, in words; it stands in the question to a person. */
  what: string;
  vpcIds: string[];
  detachAddresses: boolean;
  swapProfile: boolean;
  askSessions: boolean;
  refusal?: Refusal;
}

/** Whether the instance may be isolated, and what that means for this one. Pure. */
export function planIsolation(
  environment: Environment,
  settings: IsolationSettings,
  config: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>,
): IsolationPlan {
  const { instance, interfaces, volumes, addresses, profile } = environment;
  const plan = {
    vpcIds: [...new Set(interfaces.map(({ vpcId }) => vpcId))],
    detachAddresses: settings.ELASTIC_IPS === 'detach' && addresses.length > 0,
    swapProfile: profile !== undefined,
    askSessions: settings.REVOKE_SESSIONS === 'ask' && profile !== undefined,
  };
  const parts = [
    `snapshot ${volumes.length} volume(s)`,
    'switch termination protection on',
    'take it out of service',
    `cut all traffic of ${interfaces.length} network interface(s)`,
    ...(plan.detachAddresses ? [`take off ${addresses.length} Elastic IP(s)`] : []),
    ...(plan.swapProfile ? ['swap its instance profile for one that may do nothing'] : []),
  ];
  const what = `Isolate ${instance.instanceId}: ${parts.join(', ')}. A release puts it all back.`;
  const refusal = refuse(environment, config);
  return { ...plan, what, ...(refusal ? { refusal } : {}) };
}

function refuse(
  { instance, interfaces }: Environment,
  config: Parameters<typeof planIsolation>[2],
): Refusal | undefined {
  const byTags = refusalByTags(instance.tags, config);
  if (byTags) return byTags;
  const by = instance.tags[quarantineTag];
  if (by !== undefined) {
    return { code: 'already-isolated', reason: `Incident ${by} has isolated the instance already.` };
  }
  if (interfaces.length === 0) {
    return { code: 'no-interface', reason: 'The instance has no network interface, so there is nothing to cut.' };
  }
  return undefined;
}
