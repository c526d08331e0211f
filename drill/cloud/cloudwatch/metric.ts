import type { Ec2Model } from '../ec2/model';

/** A metric by its full name. Dimensions are a map, as in alarm events. */
export interface MetricName {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a series may look at to know its value. */
export interface World {
  readonly ec2: Ec2Model;
}

/** Where a metric's samples come from: one value every `resolutionSeconds` (60), null where none was reported. */
export interface Series {
  readonly resolutionSeconds?: number;
  /** The value at an instant in epoch ms. A number, since a virtual Date is slow and a month has millions. */
  value(at: number, world: World): number | null;
}

/** One reported value. */
export interface Point {
  readonly timestamp: Date;
  readonly value: number;
}

/** One aggregated value, at the beginning of its period (epoch ms). */
export interface Datapoint {
  readonly at: number;
  readonly value: number;
  readonly sampleCount: number;
}

/** A stretch of periods of a metric to aggregate: from (inclusive) to (exclusive) in epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
  readonly stat: string;
}
