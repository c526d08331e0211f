import {
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  type MetricFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { fromAws } from '../shared/aws-errors';
import { cloudWatchLogs } from '../shared/clients/cloudwatch-logs';
import { logger } from '../shared/logger';

/** A line that the filter of an alarm matched. */
export interface Line {
  /** Epoch milliseconds. */
  at: number;
  stream: string;
  message: string;
}

/** Lines, or why they are not known. */
export interface Lines {
  lines: Line[];
  unknown?: string | undefined;
}

const mostLines = 50;
/** A page may be empty, and many of them follow each other in a large log. */
const mostPages = 5;

/**
 * Reads the lines that an alarm is about with the very pattern that its metric filter has. A read that fails never throws:
 * it is logged, and its reason is in the result.
 */
export async function readLines(
  { logGroup, metricName }: { logGroup: string; metricName: string },
  { from, to }: { from: Date; to: Date },
): Promise<Lines> {
  try {
    const filter = await findFilter(logGroup, metricName);
    if (!filter)
      return { lines: [], unknown: `the log group ${logGroup} no longer has the metric filter of ${metricName}` };
    return { lines: await matching(logGroup, filter.filterPattern ?? '', from, to) };
  } catch (error) {
    const { name, message } = fromAws(error);
    logger.error('lines not read', { step: 'investigate', error: name, why: message });
    const isGone = message.startsWith('ResourceNotFoundException');
    return {
      lines: [],
      unknown: isGone ? `the log group ${logGroup} no longer exists` : `${logGroup} was not read (${message})`,
    };
  }
}

async function findFilter(logGroupName: string, metricName: string): Promise<MetricFilter | undefined> {
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const found = await cloudWatchLogs.send(new DescribeMetricFiltersCommand({ logGroupName, nextToken }));
    const filter = found.metricFilters?.find(({ metricTransformations = [] }) =>
      metricTransformations.some((one) => one.metricName === metricName),
    );
    if (filter) return filter;
    nextToken = found.nextToken;
    if (!nextToken) return undefined;
  }
  return undefined;
}

async function matching(logGroupName: string, filterPattern: string, from: Date, to: Date): Promise<Line[]> {
  const lines: Line[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages && lines.length < mostLines; page += 1) {
    const found = await cloudWatchLogs.send(
      new FilterLogEventsCommand({
        logGroupName,
        filterPattern,
        startTime: from.getTime(),
        endTime: to.getTime(),
        limit: mostLines,
        nextToken,
      }),
    );
    for (const { timestamp = 0, logStreamName = '', message = '' } of found.events ?? [])
      lines.push({ at: timestamp, stream: logStreamName, message });
    nextToken = found.nextToken;
    if (!nextToken) break;
  }
  return lines.slice(0, mostLines);
}
