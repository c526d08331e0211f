import { incidentOfAlarm, isAlarmEvent } from '../alarm/incident-of-alarm';
import { findingInputSchema, incidentOfFinding } from '../finding/incident-of-finding';
import { pageable } from '../notice/subject';
import { scopeOf } from '../place/place';
import { askedPlace } from '../place/place-of';
import type { NewIncident } from '../record/incident';
import { newIncident } from '../record/new-incident';
import type { Config } from '../shared/config';
import { askedPlaceSchema, isManualStart, requestSchema } from '../shared/manual-start';
import { parseOutside } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { NotACidrError, parseCidr } from './cidr';
import { readBlockSettings } from './settings';

type Input = z.output<typeof findingInputSchema>;

/** Of one finding; GuardDuty aggregates port probes. */
const mostAddresses = 60;

const longestMinutes = 30 * 24 * 60;

/** A person's request to block an address or a CIDR block for a number of minutes. */
const manualBlock = z.extend(requestSchema, {
  cidr: z.string().check(z.minLength(2), z.maxLength(49)),
  minutes: z.optional(z.number().check(z.int(), z.gte(1), z.lte(longestMinutes))),
  place: askedPlaceSchema,
});

/** Parses what to block: the addresses of a GuardDuty finding, the CIDR block of a manual start, or an alarm. Never guesses. */
export const handler = step('read-block', findingInputSchema, async (given, { clock, config }) => {
  const { event } = given;
  const minutes = readBlockSettings().BLOCK_MINUTES;
  const isManual = isManualStart(event);
  if (isManual) return ofRequest(given, minutes, clock.now(), config);
  // Its sources are found later, once the alarm is confirmed.
  if (isAlarmEvent(event)) return pageable(onlyHere(incidentOfAlarm(given, clock.now(), config)));
  const incident = onlyHere(incidentOfFinding(given, clock.now(), config));
  if (incident.refusal) return pageable(incident);
  const addresses = incident.finding.remoteAddresses;
  if (addresses.length > 0 && addresses.length <= mostAddresses) return withRanges(incident, addresses, minutes);
  const reason =
    addresses.length > 0
      ? `The finding names ${addresses.length} addresses, and a request covers at most ${mostAddresses} of one finding.`
      : 'The finding names no address at the other end, so there is nothing to block.';
  return pageable({ ...incident, refusal: { code: 'no-single-address', reason } } satisfies NewIncident);
});

function ofRequest({ event, executionId, playbook }: Input, usual: number, now: Date, config: Config) {
  const { cidr, minutes = usual, reason, requestedBy, drill, place } = parseOutside(manualBlock, event, 'event');
  const where = askedPlace(place, scopeOf(config));
  const begun = {
    executionId,
    playbook,
    trigger: 'manual' as const,
    drill,
    request: { reason, requestedBy },
    ...where,
  };
  const incident = onlyHere(newIncident(`manual#${executionId}`, begun, now, config));
  return withRanges(incident, [cidr], minutes);
}

/** The network ACLs and IP sets of a stage are in its own account: a block there would not help another. */
function onlyHere<I extends NewIncident>(incident: I): I {
  if (!incident.place || incident.refusal) return incident;
  const reason = `It is about account ${incident.place.account}; the network ACLs and IP sets of this stage are in its own.`;
  return { ...incident, refusal: { code: 'no-blocks-there', reason } };
}

/** The first range is the incident's own; a finding may name several. */
function withRanges(incident: NewIncident, texts: readonly string[], minutes: number) {
  try {
    const [first, ...more] = texts.map((text) => {
      const { text: cidr, family } = parseCidr(text);
      return { cidr, family };
    });
    const block = { ...first!, minutes, ...(more.length > 0 ? { more } : {}) };
    return pageable({ ...incident, block }, block.cidr);
  } catch (error) {
    if (!(error instanceof NotACidrError)) throw error;
    return pageable({ ...incident, refusal: { code: 'not-a-cidr', reason: error.message } });
  }
}
