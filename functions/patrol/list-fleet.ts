import { isEnrolled } from '../enrolment/desired';
import { describeFleet } from '../enrolment/fleet';
import { chunksOf } from '../shared/chunks';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { patrolMetrics, queriesACall } from './collect-fleet';
import { readPatrolSettings } from './settings';
import { patrolSchema, totalsOf } from './sum-up';

const input = z.object({ executionId: z.string(), state: z.optional(z.partial(patrolSchema)) });

/** Instances of a part of the fleet: their IDs fit into a machine's state (262,144 bytes), beside the results of the last part. */
export const mostOfPart = 8_000;

/** As many instances as one GetMetricData call allows, but few enough for one function's timeout. */
export const batchSize = Math.min(40, Math.floor(queriesACall / patrolMetrics.length));

/**
 * Lists the running, opted-in instances in batches, a large fleet a part at a time, in the order of the IDs. Calls only EC2.
 * @returns with `after` if there is more; the machine comes back with it and with what it scored, which the totals take up
 */
export const handler = step('list-fleet', input, async ({ state = {} }, { config }) => {
  const { fleet: last, scores = [] } = state;
  const after = last?.after ?? '';
  const running = (await describeFleet(config))
    .filter((one) => one.state === 'running' && isEnrolled(one, config))
    .map(({ instanceId }) => instanceId);
  const isWhole = running.length <= mostOfPart && !after;
  const left = isWhole ? running : running.filter((instanceId) => instanceId > after).sort();
  const part = left.slice(0, mostOfPart);
  return {
    batches: chunksOf(part, batchSize),
    size: part.length,
    isLarge: part.length > readPatrolSettings().PATROL_INLINE_LIMIT,
    ...(left.length > part.length ? { after: part.at(-1)! } : {}),
    ...(last ? { totals: totalsOf({ fleet: last, scores }) } : {}),
  };
});
