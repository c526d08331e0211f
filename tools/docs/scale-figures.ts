import { rateOf } from '../../drill/cloud/rates';
import { alarmKinds } from '../../functions/enrolment/alarm-kinds';
import { pageEveryMs as alarmPageEveryMs, namesACall } from '../../functions/enrolment/describe-alarms';
import { placesAtOnce } from '../../functions/enrolment/due-places';
import { instancesAPage } from '../../functions/enrolment/fleet';
import { changeEveryMs } from '../../functions/enrolment/pace';
import { batchSize, mostOfAll } from '../../functions/patrol/batches';
import {
  metricsARequest,
  mostOfAccount,
  patrolDays,
  patrolMetrics,
  patrolPeriodSeconds,
  pageEveryMs as pointPageEveryMs,
} from '../../functions/patrol/collect-fleet';
import { placesReadAtOnce } from '../../functions/place/for-each-place';
import { openedShards } from '../../functions/record/opened-shard';
import { mostSeries } from '../../functions/review/not-read';
import { readingMs } from '../../functions/review/read-series';
import type { Assembled } from '../../packaging/frame';

/** resources/stages.yml: reviewDays. */
export const reviewDays = 28;

/** What the code does at what pace, from its own constants and its machines. */
export interface Paces {
  alarmsEach: number;
  changeSeconds: number;
  namesACall: number;
  alarmPageSeconds: number;
  instancesAPage: number;
  placesAtOnce: number;
  batchSize: number;
  /** Requests of a batch, each of one page. */
  pagesOfBatch: number;
  /** Points of a metric in the days that a patrol reads. */
  pointsOfMetric: number;
  /** Points of a metric since the last patrol. */
  newPoints: number;
  pointPageSeconds: number;
  /** Batches at once of one account, and of all. */
  batchesAtOnce: number;
  batchesOfAll: number;
  patrolSeconds: number;
  /** Alarms that a weekly review reads, of how many an account's request asks, places at once, and its time. */
  alarmsOfReview: number;
  alarmsOfRequest: number;
  placesReadAtOnce: number;
  reviewSeconds: number;
  runSeconds: number;
  roundSeconds: number;
  shards: number;
  metrics: number;
}

/** The paces of a release. @param machines as packaged, by name */
export function pacesOf(machines: ReadonlyMap<string, Assembled>): Paces {
  const patrol = machines.get('patrol-fleet') as unknown as Machine;
  const reconcile = machines.get('reconcile-alarms') as unknown as Machine;
  const pointsOfMetric = (patrolDays * 86_400) / patrolPeriodSeconds;
  const metricsOfRequest = metricsARequest(new Date(0), new Date(patrolDays * 86_400_000), patrolPeriodSeconds);
  return {
    alarmsEach: alarmKinds.length,
    changeSeconds: changeEveryMs / 1000,
    namesACall,
    alarmPageSeconds: alarmPageEveryMs / 1000,
    instancesAPage,
    placesAtOnce,
    batchSize,
    pagesOfBatch: Math.ceil((batchSize * patrolMetrics.length) / metricsOfRequest),
    pointsOfMetric,
    newPoints: 3_600 / patrolPeriodSeconds,
    pointPageSeconds: pointPageEveryMs / 1000,
    batchesAtOnce: mostOfAccount,
    batchesOfAll: mostOfAll,
    patrolSeconds: patrol.TimeoutSeconds,
    alarmsOfReview: mostSeries,
    alarmsOfRequest: metricsARequest(new Date(0), new Date(reviewDays * 86_400_000), patrolPeriodSeconds),
    placesReadAtOnce,
    reviewSeconds: readingMs / 1000,
    runSeconds: reconcile.States['Reconcile alarms']!.Parameters!.ceilingSeconds!,
    // resources/watch-rules.yml: rate(15 minutes).
    roundSeconds: 900,
    shards: openedShards,
    metrics: patrolMetrics.length,
  };
}

interface Machine {
  TimeoutSeconds: number;
  States: Record<string, { Parameters?: { ceilingSeconds?: number } }>;
}

/** Requests a second that an account has of an action, as the drills apply them. */
export const quotaOf = (command: string): number => rateOf('cloudwatch', command, {})!.rate.perSecond;

/** Works out what the page writes: `ceil(1000 / 500) × 2`. Pure. */
export function workOut(text: string): number {
  const plain = text.replaceAll(',', '').replaceAll('×', '*').replaceAll('−', '-').replaceAll('ceil', 'Math.ceil');
  if (!/^(Math\.ceil|[\d\s.*+()/-])+$/.test(plain)) throw new Error(`There is no sum in ${text}`);
  return Number(new Function(`return ${plain}`)());
}

const grouped = (value: number, digits: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A sum with its result: `2 × 3 = 6`. */
export const sum = (text: string, { digits = 0, unit = '', before = '' } = {}): string =>
  `\`${text} = ${before}${grouped(workOut(text), digits)}\`${unit ? ` ${unit}` : ''}`;
