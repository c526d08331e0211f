import type { AlarmEvent } from '../alarm/event-schema';
import type { EnrolmentEvent } from '../enrolment/event-schema';
import type { FindingEvent } from '../finding/event-schema';
import type { HealthEvent } from '../health/event-schema';
import type { Code } from '../record/codes';
import type { Refusal } from '../record/conclusion';
import { arnsOf } from './arns';
import { isListed, kept, ownPlace, type Place, type Scope } from './place';

/** What a field of an event says of a place; a part that it does not name may be any. */
interface Claim {
  /** The field in words, as in a refusal: `Its ARN`. */
  field: string;
  account?: string | undefined;
  region?: string | undefined;
}

/** A kind of event, with where it says its place. */
interface Said {
  /** In words: `The alarm`. */
  what: string;
  /** The place that counts, and the accounts that may have delivered it. */
  place: Place;
  from: Place;
  /** What has to agree with it. */
  claims: readonly Claim[];
  /** Codes of a place that the stage does not list. */
  notListed: { account: Code; region: Code };
}

export interface FoundPlace {
  place: Place;
  refusal?: Refusal;
}

const ofElsewhere = { account: 'wrong-account', region: 'wrong-region' } as const;

/** What each kind of event says of its place, in its own field. */
const table = {
  /**
   * An alarm lives and emits where it was created. The metrics of a monitoring account's alarm may be of other accounts.
   * Source: CloudWatch user guide, "CloudWatch cross-account observability", and "Alarm events and EventBridge".
   */
  alarm: (event: AlarmEvent): Said => {
    const from = { account: event.account, region: event.region };
    const watched = 'configuration' in event.detail ? (event.detail.configuration.metrics ?? []) : [];
    return {
      ...{ what: 'The alarm', place: from, from, notListed: ofElsewhere },
      claims: [
        ...arnsOf(event.resources.slice(0, 1), 'Its ARN'),
        ...watched.flatMap(({ accountId }) =>
          accountId ? [{ field: 'A metric that it watches', account: accountId }] : [],
        ),
      ],
    };
  },

  /**
   * The copy that a delegated administrator receives has the administrator's account in its envelope, and perhaps in its
   * ARN. Source: GuardDuty user guide, "Processing findings with Amazon EventBridge".
   */
  finding: ({ account, region, detail }: FindingEvent): Said => {
    const place = { account: detail.accountId, region: detail.region };
    const parts = detail.service.detection?.sequence?.resources ?? [];
    const instances = parts.filter(({ resourceType }) => resourceType === 'EC2_INSTANCE').map(({ uid = '' }) => uid);
    const [own] = arnsOf([detail.arn], 'Its ARN');
    const isCopy = own?.account === account;
    return {
      ...{ what: 'The finding', place, from: { account, region }, notListed: ofElsewhere },
      claims: [
        { field: 'Its envelope', region },
        ...(own ? [isCopy ? { ...own, account: undefined } : own] : []),
        ...arnsOf(instances, 'The ARN of its instance'),
      ],
    };
  },

  /** Source: EC2 user guide, "Monitor your instances using EventBridge"; Tag Editor user guide, "Monitor tag changes". */
  instance: ({ account, region, ...event }: EnrolmentEvent): Said => {
    const place = { account, region };
    const claims = arnsOf(event.resources ?? [], 'The ARN of its instance');
    return { what: 'The event', place, from: place, claims, notListed: ofElsewhere };
  },

  /**
   * The envelope says where it was delivered: an administrator receives those of every member, and another region a copy.
   * Source: AWS Health user guide, "AWS Health events Amazon EventBridge schema".
   */
  health: ({ account, region, detail }: HealthEvent): Said => {
    const place = {
      account: detail.affectedAccount ?? account,
      region: detail.eventRegion ?? (detail.eventArn.split(':')[3] || region),
    };
    return { what: 'The event', place, from: place, claims: [], notListed: ofElsewhere };
  },
} as const;

interface Events {
  alarm: AlarmEvent;
  finding: FindingEvent;
  instance: EnrolmentEvent;
  health: HealthEvent;
}

/**
 * Where an event's instance is: the one answer for every kind. Pure; nothing is guessed.
 * @returns the place, with the reason not to act in it if the stage does not list it, or if the event contradicts itself
 */
export function placeOf<K extends keyof Events>(kind: K, event: Events[K], scope: Scope): FoundPlace {
  const said = table[kind](event as never);
  const refusal = notListed(said, scope) ?? contradicted(said);
  return { place: said.place, ...(refusal ? { refusal } : {}) };
}

/**
 * The place that a person's request names, as an incident keeps it, or the refusal: the stage's own place unless it says
 * otherwise. Pure.
 * @param asked what the request says; a part that it leaves out is the stage's own
 */
export function askedPlace(
  asked: { account?: string | undefined; region?: string | undefined } | undefined,
  scope: Scope,
): { place?: Place; refusal?: Refusal } {
  const { account, region } = ownPlace(scope);
  const place = { account: asked?.account ?? account, region: asked?.region ?? region };
  if (isListed(place, scope)) return kept(place, scope);
  return { refusal: { code: 'place-not-listed', reason: reasonOf('The request', place, scope) } };
}

function notListed({ what, place, from, notListed: codes }: Said, scope: Scope): Refusal | undefined {
  const elsewhere = [place, from].find((one) => !isListed(one, scope));
  if (!elsewhere) return undefined;
  const code = scope.accounts.includes(elsewhere.account) ? codes.region : codes.account;
  return { code, reason: reasonOf(what, elsewhere, scope) };
}

const reasonOf = (what: string, { account, region }: Place, { accounts }: Scope) =>
  accounts.includes(account)
    ? `${what} is from region ${region}, which this stage does not handle.`
    : `${what} is from account ${account}, which this stage does not handle.`;

function contradicted({ what, place, claims }: Said): Refusal | undefined {
  for (const part of ['account', 'region'] as const) {
    const other = claims.find((claim) => claim[part] !== undefined && claim[part] !== place[part]);
    if (!other) continue;
    const reason = `${what} is from ${part} ${place[part]}. ${other.field} is of ${part} ${other[part]}. Nothing is done in either.`;
    return { code: 'place-contradicted', reason };
  }
  return undefined;
}
