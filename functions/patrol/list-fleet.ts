import { isEnrolled } from '../enrolment/desired';
import { describeFleet } from '../enrolment/fleet';
import { forEachPlace } from '../place/for-each-place';
import { type Place, scopeOf } from '../place/place';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { batchesOf } from './batches';
import { writeFleetList } from './fleet-list';
import { patrolSchema, totalsOf } from './sum-up';
import { eitherUnknown, sessionNameOf, shortly } from './unknown-places';

const input = z.object({ executionId: z.string(), state: z.optional(z.partial(patrolSchema)) });

/** Instances of a part of the fleet: the results of its batches fit into a machine's state (262,144 bytes). */
export const mostOfPart = 50_000;

/** A running, opted-in instance and where it is. */
interface Listed {
  place: Place;
  instanceId: string;
}

/** The order of a fleet: by account, then by instance. */
const keyOf = ({ place, instanceId }: Listed) => `${place.account}#${instanceId}`;

/**
 * Lists the running, opted-in instances of all places in batches, a very large fleet a part at a time, in the order of
 * accounts and IDs, and writes the batches to S3. Each is of one place. A place that cannot be read is named as unknown.
 * @returns with `after` if there is more; the machine comes back with it and with what it scored, which the totals take up
 */
export const handler = step('list-fleet', input, async ({ executionId, state = {} }, { config }) => {
  const { fleet: last, scores = [] } = state;
  const after = last?.after ?? '';
  const over = await forEachPlace(scopeOf(config), sessionNameOf(executionId), () => runningHere(config));
  const running = over.found.flatMap(({ place, found }) => found.map((instanceId) => ({ place, instanceId })));
  const isWhole = running.length <= mostOfPart && !after;
  const left = isWhole ? running : running.filter((one) => keyOf(one) > after).sort(byKey);
  const part = left.slice(0, mostOfPart);
  const fleets = over.found.map(({ place }) => ({ place, instanceIds: idsIn(part, place) }));
  const { batches, atOnce } = batchesOf(fleets);
  const unknown = eitherUnknown(last?.unknown, over.unknown.map(shortly));
  return {
    ...(await writeFleetList(batches, executionId, after)),
    batches: batches.length,
    size: part.length,
    atOnce,
    ...(left.length > part.length ? { after: keyOf(part.at(-1)!) } : {}),
    ...(last ? { totals: totalsOf({ fleet: last, scores }) } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
  };
});

const byKey = (a: Listed, b: Listed) => (keyOf(a) < keyOf(b) ? -1 : 1);

const idsIn = (part: readonly Listed[], place: Place) =>
  part.filter((one) => one.place === place).map(({ instanceId }) => instanceId);

const runningHere = async (config: Config) =>
  (await describeFleet(config))
    .filter((one) => one.state === 'running' && isEnrolled(one, config))
    .map(({ instanceId }) => instanceId);
