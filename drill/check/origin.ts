import type { PlaceFact } from './facts';

interface Said {
  account?: unknown;
  region?: unknown;
  source?: unknown;
  detail?: {
    accountId?: unknown;
    region?: unknown;
    affectedAccount?: unknown;
    eventRegion?: unknown;
    configuration?: { metrics?: { accountId?: unknown }[] };
  };
}

/**
 * Where an execution's event comes from, by the field that AWS documents for its kind: an alarm's envelope, a finding's
 * detail, Health's affected account. `none` for an alarm that watches a metric of another account.
 * Source: CloudWatch user guide, "Alarm events and EventBridge"; GuardDuty user guide, "Processing findings with Amazon
 * EventBridge"; AWS Health user guide, "AWS Health events Amazon EventBridge schema".
 */
export function originOf(input: unknown): PlaceFact | 'none' | undefined {
  const { account, region, source, detail } = (input ?? {}) as Said;
  if (typeof account !== 'string' || typeof region !== 'string' || typeof source !== 'string') return undefined;
  const watched = detail?.configuration?.metrics ?? [];
  if (watched.some(({ accountId }) => accountId !== undefined && accountId !== account)) return 'none';
  const own = source === 'aws.guardduty' ? [detail?.accountId, detail?.region] : [];
  const affected = source === 'aws.health' ? [detail?.affectedAccount, detail?.eventRegion] : [];
  const [ofAccount, ofRegion] = [...own, ...affected];
  return { account: String(ofAccount ?? account), region: String(ofRegion ?? region) };
}
