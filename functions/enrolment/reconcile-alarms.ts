import { emit } from '../record/metrics/emit';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { byInstance } from './agent-metric';
import { listAgentMetrics } from './agent-metrics';
import { applyChanges } from './apply';
import { describeStageAlarms } from './describe-alarms';
import { desiredAlarms } from './desired';
import { diffAlarms } from './diff';
import { describeFleet } from './fleet';
import { judgeRun, noticeOf, runSchema } from './run';
import { readThresholds } from './settings';

const input = z.object({
  state: z.object({ run: z.optional(runSchema), report: z.optional(z.boolean()) }),
  ceilingSeconds: z.number(),
});

/** The time of one invocation; the machine repeats it until nothing is left. */
const budgetMs = 180_000;
const longestWaitMs = 30_000;

/**
 * Compares the alarms of the whole stage with those its instances should have, and repairs what it can in its time.
 * Keeps no state between runs: an aborted run can simply be started again.
 */
export const handler = step('reconcile-alarms', input, async ({ state, ceilingSeconds }, tools) => {
  const { clock, config } = tools;
  const startedAt = clock.now();
  const thresholds = readThresholds();
  const metrics = byInstance(await listAgentMetrics());
  const fleet = (await describeFleet(config)).map((one) =>
    desiredAlarms(one, thresholds, config, metrics.get(one.instanceId)),
  );
  const desired = fleet.flatMap(({ alarms }) => alarms);
  const changes = diffAlarms(desired, await describeStageAlarms(config.STAGE));
  const until = new Date(startedAt.getTime() + budgetMs);
  const applied = await applyChanges(changes, tools, until, longestWaitMs);
  const instances = fleet.filter(({ alarms }) => alarms.length > 0).length;
  emit(
    [
      { name: 'EnrolledInstances', value: instances },
      { name: 'AlarmsRepaired', value: applied.put + applied.removed },
    ],
    config.STAGE,
  );
  const problems = [...changes.problems, ...fleet.flatMap((one) => one.problems)];
  const round = { instances, alarms: desired.length, applied, problems };
  const run = judgeRun(round, state.run, startedAt, clock.now(), ceilingSeconds);
  const notice = noticeOf(run, state.report ?? true, config.STAGE);
  return { ...run, ...(notice ? { notice } : {}) };
});
