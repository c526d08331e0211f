import { isEnrolled } from '../enrolment/desired';
import { describeFleet } from '../enrolment/fleet';
import { chunksOf } from '../shared/chunks';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { patrolMetrics, queriesACall } from './collect-fleet';
import { readPatrolSettings } from './settings';

/** The fleet's IDs do not fit into a machine's state (262,144 bytes). */
export class FleetTooLargeError extends PlaybookError {}

const mostInstances = 9_000;

/** As many instances as one GetMetricData call allows, but few enough for one function's timeout. */
const batchSize = Math.min(40, Math.floor(queriesACall / patrolMetrics.length));

/** Lists the running, opted-in instances in batches. Calls only EC2. */
export const handler = step('list-fleet', z.object({ executionId: z.string() }), async (_input, { config }) => {
  const fleet = (await describeFleet(config)).filter((one) => one.state === 'running' && isEnrolled(one, config));
  if (fleet.length > mostInstances) {
    throw new FleetTooLargeError(`${fleet.length} instances are opted in; a patrol can check ${mostInstances}.`);
  }
  const batches = chunksOf(
    fleet.map(({ instanceId }) => instanceId),
    batchSize,
  );
  return { batches, size: fleet.length, isLarge: fleet.length > readPatrolSettings().PATROL_INLINE_LIMIT };
});
