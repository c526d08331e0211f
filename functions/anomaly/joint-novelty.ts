import type { Evidence, Scoring } from './detectors/detector';
import type { Frame } from './frame';
import { noveltyGaps } from './gap';
import { type GivenOthersOptions, givenOthers } from './given-others';
import { formatDistance, formatValue } from './metrics';
import { evidenceOf, type SeenView, seeView } from './novelty';

/** What the joint novelty looks at and how. */
export interface JointOptions {
  /** Names of views of each metric alone. */
  views: readonly string[];
  /** How each metric is seen against the others: loosely, and closely. */
  others: GivenOthersOptions;
  points: number;
  rank: number;
  ramp: number;
  /** The power of each metric's part: below 1, many metrics a little odd count more than one that is very odd. */
  power: number;
  /** The weight of the newest point in each of the fading means whose mean is the state: 1 / weight points are its memory. */
  fades: readonly number[];
}

/** The default. How it was chosen, and what each part is worth, is in docs/anomaly.md. */
export const defaultJoint: JointOptions = {
  views: ['value', 'change-1', 'change-3', 'mean-48', 'mean-144'],
  others: { block: 288, window: 4032, shrinks: [0.5, 0.1] },
  points: 4032,
  rank: 2,
  ramp: 0.25,
  power: 0.75,
  fades: [0.25, 0.05],
};

/** The logarithm of a gap counts, up to this gap: what never changed before is infinitely far. */
const LARGEST_GAP = 1e6;

/** One metric's share in the state: what it adds at each point, and why. */
interface Part {
  metric: string;
  values: Float64Array;
  evidence: Float64Array;
  explain: (at: number) => Evidence | undefined;
}

/**
 * The state of several metrics together: each metric's largest novelty gap over its views, among them the one against
 * what the other metrics say; their logarithms are added up, and the sum fades over about an hour. Divided by the root of the
 * number of metrics, so that one threshold does for few and for many. Looks at no later point than the one it scores.
 * @param from points before it are not asked for and score 0; the memory has them all the same
 */
export function scoreJointly({ times, series }: Frame, options: JointOptions = defaultJoint, from = 0): Scoring {
  const against = givenOthers(
    series.map(({ values }) => values),
    options.others,
  );
  const { points, rank, ramp } = options;
  const gaps = { points, rank, ramp, from };
  const parts = series.map(({ metric, values }, j): Part => {
    const alone = options.views.map((name) => seeView(name, times, values, gaps));
    const company = against.map((found) => {
      const { distance, expected } = found[j]!;
      return { gaps: noveltyGaps(distance, gaps).relative, expected };
    });
    return partOf(metric, values, alone, company, options.power, from);
  });
  const faded = parts.map(({ evidence }) => fading(evidence, options.fades, from));
  const root = Math.sqrt(Math.max(1, series.length));
  const scores = new Float64Array(times.length);
  for (let at = 0; at < times.length; at++) scores[at] = stateAt(parts, faded, at) / root;
  for (let at = 0; at < times.length; at++) scores[at] = 1 - Math.exp(-scores[at]!);
  return { scores, explain: (at) => explainState(parts, faded, at) };
}

/** The sum of all metrics' shares at a point; NaN where every metric is missing. */
function stateAt(parts: readonly Part[], faded: readonly Float64Array[], at: number): number {
  let isKnown = false;
  let sum = 0;
  for (let j = 0; j < parts.length; j++) {
    if (Number.isFinite(parts[j]!.values[at])) isKnown = true;
    sum += faded[j]![at]!;
  }
  return isKnown ? sum : Number.NaN;
}

/** How far a metric is from what the others say, and what they say. */
interface Company {
  gaps: Float64Array;
  expected: Float64Array;
}

function partOf(
  metric: string,
  values: Float64Array,
  alone: readonly SeenView[],
  company: readonly Company[],
  power: number,
  from: number,
): Part {
  const bestOf = <T extends { gaps: Float64Array }>(some: readonly T[], at: number): T | undefined =>
    some.reduce<T | undefined>((best, one) => ((one.gaps[at] || 0) > (best?.gaps[at] || 0) ? one : best), some[0]);
  const gapAt = (one: { gaps: Float64Array } | undefined, at: number) => one?.gaps[at] || 0;
  const explain = (at: number) => {
    const own = bestOf(alone, at);
    const others = bestOf(company, at);
    if (!others || gapAt(own, at) >= gapAt(others, at)) return evidenceOf(metric, values[at]!, own, at);
    return againstOthers(metric, values[at]!, others.expected[at]!);
  };
  const all = [...alone, ...company].map(({ gaps }) => gaps);
  return { metric, values, evidence: evidenceFrom(all, values.length, from, power), explain };
}

/** The largest gap at each point, as what it adds to the state; what is missing is no distance. */
function evidenceFrom(all: readonly Float64Array[], length: number, from: number, power: number): Float64Array {
  const largest = new Float64Array(length);
  for (const gaps of all) {
    for (let at = from; at < length; at++) if (gaps[at]! > largest[at]!) largest[at] = gaps[at]!;
  }
  for (let at = from; at < length; at++) largest[at] = Math.log1p(Math.min(largest[at]!, LARGEST_GAP)) ** power;
  return largest;
}

function againstOthers(metric: string, value: number, expected: number): Evidence {
  const distance = formatDistance(Math.abs(value - expected), metric);
  const side = value >= expected ? 'above' : 'below';
  const sentence = `${metric} ${formatValue(value, metric)} is ${distance} ${side} what the other metrics say`;
  return { metric, view: 'given-others', value, nearestNormal: expected, sentence };
}

/** Means that forget, one quickly and one slowly, as one: what is missing adds nothing. Before `from` there is nothing. */
function fading(evidence: Float64Array, fades: readonly number[], from: number): Float64Array {
  const states = new Float64Array(fades.length);
  const faded = new Float64Array(evidence.length);
  for (let at = from; at < evidence.length; at++) {
    let sum = 0;
    for (let k = 0; k < states.length; k++) {
      states[k]! += fades[k]! * ((evidence[at] || 0) - states[k]!);
      sum += states[k]!;
    }
    faded[at] = sum / states.length;
  }
  return faded;
}

/** How far back the newest part of a metric's share lies at most, in points. */
const LOOK_BACK = 12;

/** Below this share of the state a metric is not named. */
const NAMED_SHARE = 0.1;

function explainState(parts: readonly Part[], faded: readonly Float64Array[], at: number): Evidence | undefined {
  const all = faded.reduce((sum, one) => sum + one[at]!, 0);
  const ranked = parts
    .map((part, j) => ({ part, share: all > 0 ? faded[j]![at]! / all : 0 }))
    .sort((a, b) => b.share - a.share);
  const [top, ...others] = ranked;
  const evidence = top?.part.explain(newestPart(top.part, at));
  if (!evidence) return undefined;
  const named = others.slice(0, 2).flatMap(({ part, share }) => (share >= NAMED_SHARE ? [part.metric] : []));
  if (named.length === 0) return { ...evidence, view: parts.length > 1 ? 'joint' : evidence.view };
  return {
    ...evidence,
    view: 'joint',
    sentence: `${evidence.sentence}, and ${named.join(' and ')} too ${named.length > 1 ? 'are' : 'is'} out of the ordinary`,
  };
}

/** Where within the last hour a metric was oddest: that is what the state still knows of. */
function newestPart({ evidence, values }: Part, at: number): number {
  let best = at;
  for (let i = Math.max(0, at - LOOK_BACK + 1); i <= at; i++) {
    if (Number.isFinite(values[i]) && (!Number.isFinite(values[best]) || evidence[i]! > evidence[best]!)) best = i;
  }
  return best;
}
