import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { fromAws, ThrottledError } from '../shared/aws-errors';
import { systemClock } from '../shared/clock';
import { type Config, readConfig } from '../shared/config';
import { type Capability, capabilities, spokeRoleName } from './capabilities';
import { PlaceNotListedError, PlaceUnreachableError } from './errors';
import type { Stay } from './in-place';
import { narrowingNow } from './narrow';
import { isListed, type Place, scopeOf } from './place';

/** What a call is signed with. */
export interface PlaceCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** The shortest session that STS gives. Source: STS API reference, AssumeRole, DurationSeconds. */
const sessionSeconds = 900;
/** A session is given up this long before its end: longer than a step's calls may be under way. */
const marginMs = 120_000;
/** One execution environment does one thing at a time; only a run over all places has many sessions. */
const mostKept = 50;

/** A session that was asked for, and what came of it once STS has answered. */
interface Kept {
  asked: Promise<PlaceCredentials>;
  given?: PlaceCredentials;
}

const sessions = new Map<string, Kept>();

let loading: Promise<typeof import('../shared/clients/sts')> | undefined;

/** The client of STS, loaded once, when the first session is asked for. */
export function loadSts(): Promise<typeof import('../shared/clients/sts')> {
  loading ??= import('../shared/clients/sts');
  return loading;
}

/**
 * The credentials for a stay in another account, kept until shortly before they expire. A session is for one place, one
 * capability, one incident and one instance, and is never used for another.
 * @throws PlaceNotListedError, PlaceUnreachableError; ThrottledError and ServiceUnavailableError, which are worth retrying
 */
export async function credentialsOf(stay: Stay): Promise<PlaceCredentials> {
  const { place } = stay;
  const capability = ownCapability();
  const config = readConfig();
  if (!isListed(place, scopeOf(config)))
    throw new PlaceNotListedError(
      `The stage does not list account ${place.account} in ${place.region}: nothing is done there.`,
    );
  if (!capability) throw new PlaceUnreachableError(`This step has no role in account ${place.account}.`);
  const key = keyOf(stay, capability, config);
  const known = sessions.get(key);
  if (known && lasts(known)) return known.asked;
  const asked = takeOn(requestFor(stay, capability, config, process.env.SPOKE_EXTERNAL_ID), stay);
  keep(key, asked);
  return asked;
}

/**
 * Forgets a session that AWS refuses, so that the next call in the stay asks STS for another. One that has taken its place
 * meanwhile is kept.
 */
export function forgetSession(stay: Stay, refused: PlaceCredentials): void {
  const key = keyOf(stay, ownCapability(), readConfig());
  if (sessions.get(key)?.given === refused) sessions.delete(key);
}

/** Forgets all sessions, as a new execution environment has none. */
export const forgetSessions = (): void => sessions.clear();

const ownCapability = () => capabilities.find((one) => one === process.env.SPOKE_CAPABILITY);

const keyOf = ({ place, incidentId, instanceId }: Stay, capability: Capability | undefined, { STAGE }: Config) =>
  [STAGE, place.account, place.region, capability, incidentId, instanceId].join('#');

/** Whether a session is good for another call; so is one that STS is still asked for. */
const lasts = ({ given }: Kept) =>
  given === undefined || given.expiration.getTime() - marginMs > systemClock.now().getTime();

function keep(key: string, asked: Promise<PlaceCredentials>): void {
  const kept: Kept = { asked };
  sessions.delete(key);
  sessions.set(key, kept);
  asked.then(
    (given) => {
      kept.given = given;
    },
    // Whoever asked hears of it; the next one asks again.
    () => {
      if (sessions.get(key) === kept) sessions.delete(key);
    },
  );
  const oldest = sessions.keys().next().value;
  if (sessions.size > mostKept && oldest !== undefined) sessions.delete(oldest);
}

/** A name that STS takes, and that says whose session it is. Source: STS API reference, AssumeRole, RoleSessionName. */
const sessionName = (text: string) => text.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);

/** What STS is asked for. Pure; the role is made from the stage's own list, never from what an event says. */
export function requestFor(
  { place, incidentId, instanceId }: Stay,
  capability: Capability,
  { STAGE, TOPIC_ARN }: Pick<Config, 'STAGE' | 'TOPIC_ARN'>,
  externalId: string | undefined,
): AssumeRoleCommandInput {
  const name = sessionName(incidentId);
  const Policy = policyOf(capability, place, instanceId);
  // No credentials cross partitions, so the role is in the hub's own.
  const [, partition] = TOPIC_ARN.split(':');
  return {
    RoleArn: `arn:${partition}:iam::${place.account}:role/${spokeRoleName(STAGE, capability)}`,
    RoleSessionName: name,
    SourceIdentity: name,
    DurationSeconds: sessionSeconds,
    Tags: [{ Key: 'incident', Value: name }, ...(instanceId ? [{ Key: 'instance', Value: instanceId }] : [])],
    ...(externalId ? { ExternalId: externalId } : {}),
    ...(Policy ? { Policy } : {}),
  };
}

function policyOf(capability: Capability, place: Place, instanceId: string | undefined): string | undefined {
  // The role alone narrows reading.
  if (capability === 'read') return undefined;
  const narrow = narrowingNow();
  if (narrow) return narrow(capability, place, instanceId);
  throw new PlaceUnreachableError(`This step cannot narrow a session for ${capability}.`);
}

async function takeOn(request: AssumeRoleCommandInput, { place }: Stay): Promise<PlaceCredentials> {
  const { assumeRole } = await loadSts();
  try {
    return toCredentials(await assumeRole(request), place.account);
  } catch (cause) {
    const error = fromAws(cause);
    if (error instanceof ThrottledError || isFaultOfSts(cause)) throw error;
    throw new PlaceUnreachableError(
      `Account ${place.account} in ${place.region} cannot be reached, so nothing was done there: ${error.message}`,
      { cause },
    );
  }
}

/** STS answered with an error of its own (5xx), which passes; silence may last as long as the place is not reachable. */
const isFaultOfSts = (cause: unknown) =>
  ((cause as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode ?? 0) >= 500;

function toCredentials({ Credentials, AssumedRoleUser }: AssumeRoleCommandOutput, account: string): PlaceCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  const isComplete = AccessKeyId && SecretAccessKey && SessionToken && Expiration;
  if (!isComplete || AssumedRoleUser?.Arn?.split(':')[4] !== account)
    throw new PlaceUnreachableError(`STS gave no session in account ${account}.`);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
