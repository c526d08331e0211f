import type { FilterLogEventsCommandInput, FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { Answer } from '../service';
import type { LogGroups } from './groups';
import { patternOf } from './groups';
import { refused } from './refused';

/** Source: CloudWatch Logs API reference, FilterLogEvents: 10,000 events or 1 MB a page. */
const mostEvents = 10_000;

/**
 * Lines of a group that a filter pattern matches, oldest first, a page at a time; a page may be empty and still name a next
 * one.
 * @throws ResourceNotFoundException, InvalidParameterException
 */
export function filterLogEvents(
  groups: LogGroups,
  input: FilterLogEventsCommandInput,
): Answer<FilterLogEventsCommandOutput> {
  const {
    logGroupName,
    filterPattern = '',
    startTime = 0,
    endTime = Date.now(),
    limit = mostEvents,
    nextToken,
  } = input;
  if (limit < 1 || limit > mostEvents) throw refused('InvalidParameterException', `limit is from 1 to ${mostEvents}.`);
  if (startTime > endTime) throw refused('InvalidParameterException', 'The start time is after the end time.');
  const filter = patternOf(filterPattern);
  const now = Date.now();
  const found = groups
    .require(logGroupName)
    .events.filter(({ at, visibleAt }) => at >= startTime && at <= endTime && visibleAt <= now)
    .filter(({ message }) => filter.match(message) !== undefined)
    .sort((a, b) => a.at - b.at);
  const from = Number(nextToken ?? 0);
  if (!Number.isInteger(from) || from < 0) throw refused('InvalidParameterException', 'The token is not valid.');
  const page = found.slice(from, from + limit);
  return {
    events: page.map(({ at, message, stream, visibleAt }, i) => ({
      eventId: String(at).padStart(30, '0') + String(from + i).padStart(8, '0'),
      timestamp: at,
      ingestionTime: visibleAt,
      logStreamName: stream,
      message,
    })),
    ...(from + limit < found.length ? { nextToken: String(from + limit) } : {}),
  };
}
