import { findFailingPlace } from '../guard/failing-places';
import { nameOfGroup, placesOf } from '../guard/places';
import type { Snapshot } from '../guard/snapshot';
import { allowTags, isTagged } from '../guard/tags';
import { type Busy, takeTurn } from '../guard/turn';
import { findConcern, refusalOf } from '../health/host-trouble';
import type { Conclusion } from '../record/conclusion';
import type { LeasedIncident } from '../record/leased-incident';
import type { StepTools } from '../shared/step';
import { lookAgain } from '../shared/wait';
import { findLastHealthyOf } from './last-healthy';
import type { Membership, Move, PastMove } from './membership';

/** The longest wait for the turn: five restarts in one zone, one after another. */
const turnSeconds = 2_700;

/** One read of other members' health proves little, so a second one, seconds later, has to agree. */
const agreeingReads = 2;
const secondsBetween = 5;

/**
 * Whether a restart may take its instance down now: not while AWS Health has an open issue there, not where starts fail, not beside another instance that automation has
 * taken down in the same zone or group, and never the last healthy member of a group.
 * @param all every group that the instance serves in, target groups of its Auto Scaling group too
 * @returns undefined when it may; otherwise the wait, or the end of it
 */
export async function awaitTurn(
  incident: LeasedIncident & { leaving?: PastMove | undefined },
  snapshot: Snapshot,
  all: { group?: string | undefined; targetGroupArns: readonly string[] },
  { clock, config }: StepTools,
): Promise<Move | undefined> {
  const now = clock.now();
  const places = placesOf(snapshot, all);
  const { wait, waited } = lookAgain(incident.leaving, now);
  const refuse = (conclusion: Conclusion): Move => ({ ...wait, verdict: 'REFUSED', membership: none, conclusion });
  const concern = await findConcern(snapshot, now, config);
  if (concern) return refuse(refusalOf(concern));
  const failing = await findFailingPlace(places, now, config);
  if (failing) return refuse(startsFail(failing.place, failing.until, failing.why));
  const busy = await takeTurn(incident, places, now, config);
  if (busy && waited >= turnSeconds) return refuse(notFree(busy));
  if (busy) return { ...wait, verdict: 'WAITING', membership: none, turn: { busy: true, reads: 0 } };
  // After the turn: another member that is down because of automation will be back.
  const last = isTagged(snapshot.tags, allowTags.lastHealthy)
    ? undefined
    : await findLastHealthyOf(incident.instanceId, places.groups);
  if (last) return refuse(lastHealthy(last));
  const reads = (incident.leaving?.turn?.reads ?? 0) + 1;
  if (places.groups.length === 0 || reads >= agreeingReads) return undefined;
  return { ...wait, waitSeconds: secondsBetween, verdict: 'WAITING', membership: none, turn: { busy: false, reads } };
}

const none: Membership = { targets: [] };

const startsFail = (place: string, until: string, why: string): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'starts-fail-here',
  reason: `Instances do not start in ${place} (${withoutStop(why)}), so nothing more is stopped there until ${until}, or until one has started. The instance was left running.`,
});

const lastHealthy = (group: string): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'last-healthy',
  reason: `It is the last healthy member of ${group}. The instance was left running; to allow its restart, set the tag ${allowTags.lastHealthy}=true.`,
});

const notFree = ({ place, by, instanceId }: Busy): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'turn-not-free',
  reason: `Automation has taken down ${instanceId} (incident ${by}) in ${placeName(place)} and not brought it back after ${Math.round(turnSeconds / 60)} minutes. The instance was left running.`,
});

const placeName = (place: string) =>
  place.startsWith('ZONE#') ? place.slice('ZONE#'.length) : nameOfGroup(place.slice('GROUP#'.length));

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');
