import { formatDistance, formatValue } from './metrics';
import { dailyRhythm, lessSameTime } from './same-time';
import { lessEarlier, lessMedian, logSpan, rollingMean } from './views';

/** A way of looking at one series. */
export interface View {
  name: string;
  see: (times: Float64Array, values: Float64Array) => Float64Array;
  /** Where the view has a say: 1, else 0. It remembers what it sees elsewhere too. Everywhere when left out. */
  speaks?: (times: Float64Array, values: Float64Array) => Uint8Array;
  /** What tells high from low: the nearest value seen before, or 0; left out where the view has no side. */
  side?: 'nearest' | 'zero';
  /** Measures a point from its own recent past: the way back from a dip is as far as the way into a trouble. */
  isRelative?: true;
  /** The nearest normal in the metric's own unit, and the sentence, for a point whose view has the nearest value given. */
  explain: (point: SeenPoint) => { nearestNormal: number; sentence: string };
}

/** A point, what the view makes of it, and the nearest the view saw before. */
export interface SeenPoint {
  metric: string;
  value: number;
  seen: number;
  nearest: number;
}

/** For views that are the value less or plus something: the normal is the value that would have been seen before. */
function offsetSentence(normal: string) {
  return ({ metric, value, seen, nearest }: SeenPoint) => {
    const nearestNormal = nearest + value - seen;
    const distance = formatDistance(Math.abs(seen - nearest), metric);
    const side = seen >= nearest ? 'above' : 'below';
    return { nearestNormal, sentence: `${metric} ${formatValue(value, metric)} is ${distance} ${side} ${normal}` };
  };
}

function changeSentence(points: number) {
  const within = points === 1 ? 'at once' : `within ${points} values`;
  return ({ metric, value, seen, nearest }: SeenPoint) => {
    const verb = seen >= 0 ? 'rose' : 'fell';
    const nearestVerb = nearest >= 0 ? 'a rise' : 'a fall';
    const normal = `the second nearest change of 14 days is ${nearestVerb} by ${formatDistance(Math.abs(nearest), metric)}`;
    const sentence = `${metric} ${formatValue(value, metric)}: it ${verb} by ${formatDistance(Math.abs(seen), metric)} ${within}, where ${normal}`;
    return { nearestNormal: value - seen + nearest, sentence };
  };
}

function sameTimeSentence({ metric, value, seen, nearest }: SeenPoint) {
  const distance = formatDistance(Math.abs(seen), metric);
  const side = seen >= 0 ? 'above' : 'below';
  const sentence = `${metric} ${formatValue(value, metric)} is ${distance} ${side} anything seen at this time of the day`;
  return { nearestNormal: value - seen + nearest, sentence };
}

function meanSentence(points: number) {
  return ({ metric, value, seen, nearest }: SeenPoint) => {
    const distance = formatDistance(Math.abs(seen - nearest), metric);
    const side = seen >= nearest ? 'above' : 'below';
    const mean = `the mean of the last ${points} values, ${formatValue(seen, metric)},`;
    const sentence = `${metric} ${formatValue(value, metric)}: ${mean} is ${distance} ${side} the second nearest of 14 days`;
    return { nearestNormal: nearest, sentence };
  };
}

function spanSentence(points: number) {
  return ({ metric, value, seen, nearest }: SeenPoint) => {
    const span = formatDistance(Math.exp(seen), metric);
    const normal = formatDistance(Math.exp(nearest), metric);
    const sentence = `${metric} ${formatValue(value, metric)}: it moved over ${span} in the last ${points} values, where the second nearest of 14 days is ${normal}`;
    return { nearestNormal: Math.exp(nearest), sentence };
  };
}

const median = (points: number): View => ({
  name: `median-${points}`,
  see: (_, values) => lessMedian(values, points),
  side: 'nearest',
  isRelative: true,
  explain: offsetSentence(`the second nearest of 14 days, measured from the median of the last ${points} values`),
});
const mean = (points: number): View => ({
  name: `mean-${points}`,
  see: (_, values) => rollingMean(values, points),
  side: 'nearest',
  explain: meanSentence(points),
});
const change = (points: number): View => ({
  name: `change-${points}`,
  see: (_, values) => lessEarlier(values, points),
  side: 'zero',
  isRelative: true,
  explain: changeSentence(points),
});
const span = (points: number): View => ({
  name: `span-${points}`,
  see: (_, values) => logSpan(values, points),
  explain: spanSentence(points),
});

/** Every view by its name: those the default uses, and those the bench tries. */
export const namedViews: ReadonlyMap<string, View> = new Map(
  [
    {
      name: 'value',
      see: (_, values) => values,
      side: 'nearest',
      explain: offsetSentence('the second nearest value of 14 days'),
    } satisfies View,
    median(12),
    median(48),
    mean(3),
    mean(12),
    mean(48),
    mean(144),
    span(48),
    change(1),
    change(3),
    {
      name: 'same-time',
      see: lessSameTime,
      speaks: dailyRhythm,
      side: 'zero',
      explain: sameTimeSentence,
    } satisfies View,
  ].map((view: View) => [view.name, view]),
);
