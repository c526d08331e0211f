import { wordsOf } from '../approval/targets';
import type { Mark } from '../guard/mark';
import { refusalByTags } from '../guard/tags';
import type { Refusal } from '../record/conclusion';
import type { Config } from '../shared/config';
import type { Environment } from './environment';
import type { EvidenceSettings } from './evidence-settings';
import type { IsolationSettings } from './settings';

export interface IsolationPlan {
  /** The planned changes in words, for the request for approval. */
  what: string;
  vpcIds: string[];
  detachAddresses: boolean;
  swapProfile: boolean;
  askSessions: boolean;
  switchMetadataOff: boolean;
  endSessions: boolean;
  /** How the snapshots will be locked, in words. */
  snapshotLock?: string;
  /** The account that they will be shared with. */
  evidenceAccountId?: string;
  refusal?: Refusal;
}

/** Whether the instance may be isolated, and the changes that this involves. Pure. */
export function planIsolation(
  environment: Environment,
  settings: IsolationSettings & EvidenceSettings,
  config: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>,
  mark?: Mark,
): IsolationPlan {
  const { instance, interfaces, volumes, addresses, profile, metadata } = environment;
  const plan = {
    vpcIds: [...new Set(interfaces.map(({ vpcId }) => vpcId))],
    detachAddresses: settings.ELASTIC_IPS === 'detach' && addresses.length > 0,
    swapProfile: profile !== undefined,
    askSessions: settings.REVOKE_SESSIONS === 'ask' && profile !== undefined,
    switchMetadataOff: settings.INSTANCE_METADATA === 'disable' && metadata?.HttpEndpoint === 'enabled',
    endSessions: settings.SYSTEMS_MANAGER_SESSIONS === 'end',
    ...(settings.lock ? { snapshotLock: settings.lock.words } : {}),
    ...(settings.accountId ? { evidenceAccountId: settings.accountId } : {}),
  };
  const what = wordsOf('isolate', {
    instanceId: instance.instanceId,
    networkInterfaceIds: interfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    volumes: volumes.length,
    addresses: plan.detachAddresses ? addresses.length : 0,
    swapProfile: plan.swapProfile,
    ...(plan.switchMetadataOff ? { switchMetadataOff: true } : {}),
    ...(plan.endSessions ? { endSessions: true } : {}),
    ...(plan.snapshotLock ? { snapshotLock: plan.snapshotLock } : {}),
    ...(plan.evidenceAccountId ? { evidenceAccountId: plan.evidenceAccountId } : {}),
  });
  const refusal = refuse(environment, config, mark);
  return { ...plan, what, ...(refusal ? { refusal } : {}) };
}

function refuse(
  { instance, interfaces }: Environment,
  config: Parameters<typeof planIsolation>[2],
  mark: Mark | undefined,
): Refusal | undefined {
  const byTags = refusalByTags(instance.tags, config);
  if (byTags) return byTags;
  // A tag that no record confirms proves nothing: the instance may have written it itself.
  if (mark?.state === 'isolated')
    return { code: 'already-isolated', reason: `Incident ${mark.by} has already isolated the instance.` };
  if (mark?.state === 'under-way')
    return { code: 'joined', reason: `Incident ${mark.by} is isolating the instance; this one joined it.` };
  if (mark?.state === 'in-part') {
    const reason = `Incident ${mark.by} has only partly isolated the instance. Complete the isolation, or release the instance and start again.`;
    return { code: 'isolated-in-part', reason };
  }
  if (interfaces.length === 0) {
    return { code: 'no-interface', reason: 'The instance has no network interface to isolate.' };
  }
  return undefined;
}
