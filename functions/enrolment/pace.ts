import { currentStay } from '../place/in-place';
import { updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';

/**
 * Milliseconds between two alarm changes in an account, by the whole stage. PutMetricAlarm and DeleteAlarms allow three requests per
 * second in an account and region (CloudWatch service quotas); deployments need some of that, too.
 */
export const changeEveryMs = 400;

/** Each account has rates of its own. */
const paceKey = () => {
  const account = currentStay()?.place.account;
  return { pk: 'ENROLMENT', sk: account ? `ENROLMENT_PACE#${account}` : 'ENROLMENT_PACE' };
};

/**
 * Reserves the next turns for alarm changes, across all functions, without a lock.
 * @param longestWaitMs if the queue is longer than this, nothing is reserved
 * @returns milliseconds to wait before the first change; undefined if the queue is too long
 */
export async function reserveTurns(
  count: number,
  longestWaitMs: number,
  now: Date,
  config: Config,
): Promise<number | undefined> {
  const at = now.getTime();
  const span = count * changeEveryMs;
  for (let attempt = 0; attempt < 2; attempt++) {
    const end = await queueUp(at, span, longestWaitMs, config);
    if (end !== undefined) return end - span - at;
    if (await startQueue(at, span, config)) return 0;
  }
  return undefined;
}

/** Joins the existing queue; undefined if there is none or it is too long. */
async function queueUp(at: number, span: number, longestWaitMs: number, config: Config): Promise<number | undefined> {
  const queued = await updateIf(
    {
      Key: paceKey(),
      UpdateExpression: 'ADD nextAt :span',
      ConditionExpression: 'nextAt >= :now AND nextAt <= :latest',
      ExpressionAttributeValues: { ':span': span, ':now': at, ':latest': at + longestWaitMs },
      ReturnValues: 'ALL_NEW',
    },
    config,
  );
  return queued && Number(queued.nextAt);
}

async function startQueue(at: number, span: number, config: Config): Promise<boolean> {
  const started = await updateIf(
    {
      Key: paceKey(),
      UpdateExpression: 'SET nextAt = :end',
      ConditionExpression: 'attribute_not_exists(pk) OR nextAt < :now',
      ExpressionAttributeValues: { ':end': at + span, ':now': at },
    },
    config,
  );
  return started !== undefined;
}
