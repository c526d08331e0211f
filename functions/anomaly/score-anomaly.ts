import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { instanceIdSchema } from '../shared/identifiers';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { collect } from './collect';
import { collectAgent } from './collect-agent';
import type { ScoreResult } from './flag';
import type { Frame } from './frame';
import type { JointDetector } from './joint-finding';
import { judge } from './judge';
import { actionWindows } from './left-out';
import { namesJudgedBy } from './metrics';
import { preprocess } from './preprocess';
import { readScoreSettings } from './settings';
import { sideOf, thresholdOf } from './side';

const alarmSchema = z.object({
  alarmName: z.optional(z.string()),
  changedAt: z.string(),
  metricNames: z.array(z.string()),
  kind: z.optional(z.string()),
  reason: z.optional(z.string()),
});
const inputSchema = z.object({
  incident: z.object({
    instanceId: instanceIdSchema,
    alarm: z.optional(alarmSchema),
    /** An explicit drill: a person waits for it. */
    drill: z.optional(z.boolean()),
    lease: z.optional(z.object({ history: z.optional(z.object({ actedAt: z.optional(z.array(z.iso.datetime())) })) })),
  }),
});

/** The length of history, and the seconds a data point. */
const DAYS = 14;
const PERIOD_SECONDS = 300;

/** How long before the alarm's change the trouble may have begun. */
const LOOKBACK_MS = 3 * 3_600_000;

/** Status checks: a minute a data point, and enough of them for the stretch that is judged. */
const CHECK_MS = 60_000;
const CHECK_DAYS = 1;

export interface ScoreDeps {
  cloudWatch: Pick<CloudWatchClient, 'send'>;
  now: () => Date;
  /** What looks at all metrics together; the default when left out. */
  detector?: JointDetector;
}

/**
 * Collects 14 days of the instance's metrics and decides whether they veto or escalate the planned action.
 * Changes nothing; idempotent.
 * @throws InvalidInputError naming the field; errors of the SDK as they are
 */
export async function scoreAnomaly(input: unknown, deps: ScoreDeps): Promise<ScoreResult> {
  const { instanceId, alarm, drill, lease } = parseWith(inputSchema, input, 'input').incident;
  const stepMs = PERIOD_SECONDS * 1000;
  // The current period has only part of its sum, which would look like a drop.
  const until = Math.floor(deps.now().getTime() / stepMs) * stepMs;
  const request = { instanceId, until: new Date(until), days: DAYS, periodSeconds: PERIOD_SECONDS };
  const changedAt = alarm ? Date.parse(alarm.changedAt) : until;
  const since = Math.min(changedAt, until) - LOOKBACK_MS;
  const actedAt = (lease?.history?.actedAt ?? []).map((at) => Date.parse(at));
  const leaveOut = actionWindows(actedAt, since);
  const [collected, agent] = await Promise.all([
    collect(deps.cloudWatch, { ...request, metrics: namesJudgedBy('score') }),
    collectAgent(deps.cloudWatch, request, alarm),
  ]);
  const frame = preprocess([...collected, ...agent.series], { stepMs, leaveOut });
  const checks = await collectChecks(deps, instanceId);
  const words = alarm ?? {};
  const asked = {
    metrics: agent.alarmed,
    side: sideOf(words),
    threshold: thresholdOf(words),
    detector: deps.detector,
    ...(alarm && !drill ? { firedAt: changedAt, now: deps.now().getTime(), actedAt } : {}),
  };
  return judge(frame, checks, asked, since);
}

/** Status checks alarm within minutes, so they are read by the minute and up to now: a maximum can only rise. */
async function collectChecks({ cloudWatch, now }: ScoreDeps, instanceId: string): Promise<Frame> {
  const until = new Date(Math.ceil(now().getTime() / CHECK_MS) * CHECK_MS);
  const request = {
    instanceId,
    until,
    days: CHECK_DAYS,
    periodSeconds: CHECK_MS / 1000,
    metrics: namesJudgedBy('rule'),
  };
  return preprocess(await collect(cloudWatch, request), { stepMs: CHECK_MS });
}

/** Scores the instance's metrics. Its result may veto or escalate, never widen what is done. */
export const handler = step('score-anomaly', inputSchema, (input, { clock }) =>
  scoreAnomaly(input, { cloudWatch, now: () => clock.now(), detector: readScoreSettings().DETECTOR }),
);
