import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod/mini';
import { collect } from './collect';
import type { ScoreResult } from './flag';
import { judge } from './judge';
import { preprocess } from './preprocess';

const inputSchema = z.object({
  incident: z.object({
    instanceId: z.string().check(z.regex(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, 'an instance id')),
    alarm: z.optional(z.object({ changedAt: z.optional(z.string()), metricNames: z.optional(z.array(z.string())) })),
  }),
});

export interface ScoreDeps {
  cloudWatch: Pick<CloudWatchClient, 'send'>;
  now: () => Date;
}

const DAYS = 14;
const PERIOD_SECONDS = 300;

/** How far before the alarm's change the trouble may have begun. */
const LOOKBACK_MS = 3 * 3_600_000;

/**
 * The step: collects 14 days of the instance's metrics and says whether they veto or escalate what is about to be done.
 * Changes nothing; idempotent.
 */
export async function scoreAnomaly(input: unknown, { cloudWatch, now }: ScoreDeps): Promise<ScoreResult> {
  const { incident } = z.parse(inputSchema, input);
  const stepMs = PERIOD_SECONDS * 1000;
  // The period that is still running has only part of its sum, which would look like a fall.
  const until = new Date(Math.floor(now().getTime() / stepMs) * stepMs);
  const raw = await collect(cloudWatch, {
    instanceId: incident.instanceId,
    until,
    days: DAYS,
    periodSeconds: PERIOD_SECONDS,
  });
  const changedAt = Date.parse(incident.alarm?.changedAt ?? '');
  const since = Math.min(Number.isNaN(changedAt) ? until.getTime() : changedAt, until.getTime()) - LOOKBACK_MS;
  return judge(preprocess(raw, { stepMs }), incident.alarm?.metricNames ?? [], since);
}
