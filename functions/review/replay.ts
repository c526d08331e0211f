import type { PlacedAlarm } from './record';

/** A metric as its alarm saw it, one value per period, with the alarm's settings. */
export interface AlarmSeries extends PlacedAlarm {
  metric: string;
  periodSeconds: number;
  threshold: number;
  /** Whether a value equal to the threshold breaches. */
  breachesAtThreshold: boolean;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  /** Milliseconds since 1970, ascending; the start of each period. */
  times: number[];
  values: number[];
}

/** A period in ALARM. `breachedAt` is the first datapoint that led to it. All in milliseconds since 1970. */
export interface Episode {
  breachedAt: number;
  from: number;
  to: number;
}

type Settings = Pick<
  AlarmSeries,
  'times' | 'values' | 'periodSeconds' | 'breachesAtThreshold' | 'evaluationPeriods' | 'datapointsToAlarm'
>;

/**
 * When the alarm would have been in ALARM at another threshold: M out of N datapoints, ignoring missing ones.
 * Source: CloudWatch user guide, "Evaluating an alarm".
 */
export function replay(series: Settings, threshold: number): Episode[] {
  const { times, values, periodSeconds, evaluationPeriods, datapointsToAlarm, breachesAtThreshold } = series;
  const episodes: Episode[] = [];
  const recent: { at: number; breaches: boolean }[] = [];
  let open: Episode | undefined;
  values.forEach((value, index) => {
    const at = times[index]!;
    recent.push({ at, breaches: breachesAtThreshold ? value >= threshold : value > threshold });
    if (recent.length > evaluationPeriods) recent.shift();
    const breaching = recent.filter(({ breaches }) => breaches);
    const isIn = breaching.length >= datapointsToAlarm;
    const seenAt = at + periodSeconds * 1000;
    if (isIn && !open) {
      open = { breachedAt: breaching[0]!.at, from: seenAt, to: seenAt };
      episodes.push(open);
    }
    if (open) open.to = seenAt;
    if (!isIn) open = undefined;
  });
  return episodes;
}
