import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import type { Filter } from './pattern';

/** A line in a log group. */
export interface LogEvent {
  /** Epoch milliseconds. */
  at: number;
  message: string;
  stream: string;
  /** When it can be searched: the time at which CloudWatch Logs got it, and a moment more. */
  visibleAt: number;
}

/** A filter of a log group, and what it has counted. */
export interface MetricFilter {
  name: string;
  pattern: string;
  parsed: Filter;
  transformation: MetricTransformation;
  createdAt: number;
}

export interface LogGroup {
  name: string;
  createdAt: number;
  events: LogEvent[];
  filters: Map<string, MetricFilter>;
}
