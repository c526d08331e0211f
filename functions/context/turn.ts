import { here } from '../place/here';
import { putIf } from '../shared/clients/table';
import { pause } from '../shared/clock';
import type { Config } from '../shared/config';
import type { StepTools } from '../shared/step';

/** The quota is that of the account that is asked. */
const keyHere = () => ({ pk: 'CONTEXT', sk: here('LOOKUP') });

/** Longer than one look-up takes; who dies in the middle of it keeps the others out no longer. */
const heldMs = 15_000;

const tries = 4;
const betweenTriesMs = 2_000;

/**
 * Lets one incident at a time ask CloudTrail, whose quota is the account's: in a storm the calls would only be throttled,
 * also those of people.
 * @returns what gives the turn back, or undefined when others kept it for seconds
 */
export async function takeLookUpTurn(
  incidentId: string,
  tools: Pick<StepTools, 'clock' | 'config'>,
): Promise<(() => Promise<void>) | undefined> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if (attempt > 0) await pause(betweenTriesMs);
    if (await hold(incidentId, heldMs, tools)) return () => hold(incidentId, spacingMs, tools).then(() => undefined);
  }
  return undefined;
}

/** LookupEvents is limited to two calls a second for the account and region. Source: CloudTrail API reference. */
export const spacingMs = 550;

function hold(
  by: string,
  ms: number,
  { clock, config }: { clock: StepTools['clock']; config: Config },
): Promise<boolean> {
  const now = clock.now();
  const until = new Date(now.getTime() + ms).toISOString();
  return putIf(
    {
      Item: { ...keyHere(), by, until, expiresAt: Math.ceil((now.getTime() + ms) / 1000) },
      ConditionExpression: 'attribute_not_exists(pk) OR #until < :now OR #by = :me',
      ExpressionAttributeNames: { '#until': 'until', '#by': 'by' },
      ExpressionAttributeValues: { ':now': now.toISOString(), ':me': by },
    },
    config,
  );
}
