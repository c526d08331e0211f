import type { QueryStatus, ResultField, StartQueryCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { type Environment, randomUuid } from '../environment';
import { UnmodelledInputError } from '../errors';
import type { LogGroup } from './group';
import type { LogGroups } from './groups';
import { rowOf } from './insights/fields';
import { MalformedQueryError, parseQuery, type Query } from './insights/query';
import { refused } from './refused';

interface Running {
  query: Query;
  groups: LogGroup[];
  from: number;
  to: number;
  startedAt: number;
  /** How it ends, and when, unless it is stopped. */
  ends: Extract<QueryStatus, 'Complete' | 'Failed' | 'Timeout'>;
  endsAt: number;
  stoppedAt?: number;
}

/** How the next queries go, for drills of a bad day. */
export interface QueryCourse {
  ends: Running['ends'];
  seconds: number;
}

/** Source: CloudWatch Logs API reference, StartQuery. */
const mostGroups = 50;
const mostAtOnce = 100;
const mostRows = 10_000;
/** Source: the same: queries time out after sixty minutes of runtime. */
const longestMs = 3_600_000;
const scheduledMs = 500;

/** Queries of Logs Insights: Scheduled, Running with a part of the results, and an end. */
export class Queries {
  /** What comes of queries that are started from now on. */
  course: QueryCourse = { ends: 'Complete', seconds: 2 };
  private readonly all = new Map<string, Running>();

  constructor(
    private readonly environment: Pick<Environment, 'random'>,
    private readonly groups: LogGroups,
  ) {}

  /** @throws MalformedQueryException, InvalidParameterException, LimitExceededException, ResourceNotFoundException */
  start(input: Partial<StartQueryCommandInput>): string {
    const { startTime = 0, endTime = 0, limit = mostRows, queryString = '' } = input;
    const groups = this.groupsOf(input);
    if (limit < 1 || limit > mostRows) throw refused('InvalidParameterException', `limit is from 1 to ${mostRows}.`);
    if (startTime > 1e11 || endTime > 1e11)
      throw new UnmodelledInputError('StartQuery takes seconds: what comes of milliseconds is not modelled.');
    if (startTime > endTime) throw refused('InvalidParameterException', 'The start time is after the end time.');
    const isTooOld = groups.some(({ createdAt }) => endTime * 1000 < createdAt);
    if (isTooOld)
      throw refused('MalformedQueryException', "Query's end date and time is before the log groups creation time.");
    const query = queryOf(queryString, limit);
    if (this.running().length >= mostAtOnce) throw refused('LimitExceededException', 'Too many queries at once.');
    const now = Date.now();
    const id = randomUuid(this.environment.random);
    const { ends, seconds } = this.course;
    // The end counts to the whole second (aws-sdk#280).
    const window = { from: startTime * 1000, to: endTime * 1000 };
    const endsAt = now + Math.min(longestMs, seconds * 1000);
    this.all.set(id, { query, groups, ...window, startedAt: now, ends, endsAt });
    return id;
  }

  /** @throws ResourceNotFoundException */
  results(id: string | undefined): { status: QueryStatus; results: ResultField[][] } {
    const running = this.require(id);
    const status = statusOf(running);
    if (status === 'Running') return { status, results: resultsOf(running, 0.5) };
    return { status, results: status === 'Complete' ? resultsOf(running, 1) : [] };
  }

  /** Source: CloudWatch Logs API reference, StopQuery: a query that has ended is an error. */
  stop(id: string | undefined): void {
    const running = this.require(id);
    if (!/^(Scheduled|Running)$/.test(statusOf(running)))
      throw refused('InvalidParameterException', 'The specified query is not running.');
    running.stoppedAt = Date.now();
  }

  private require(id: string | undefined): Running {
    const running = this.all.get(id ?? '');
    if (!running) throw refused('ResourceNotFoundException', 'The specified query does not exist.');
    return running;
  }

  private running(): Running[] {
    return [...this.all.values()].filter((one) => /^(Scheduled|Running)$/.test(statusOf(one)));
  }

  private groupsOf({ logGroupName, logGroupNames, logGroupIdentifiers }: Partial<StartQueryCommandInput>): LogGroup[] {
    const ways = [logGroupName === undefined ? undefined : [logGroupName], logGroupNames, logGroupIdentifiers];
    const [names, ...more] = ways.filter((way) => way !== undefined);
    if (!names || names.length === 0 || more.length > 0)
      throw refused('InvalidParameterException', 'Exactly one of the log group parameters is required.');
    if (names.length > mostGroups) throw refused('InvalidParameterException', `${mostGroups} log groups at most.`);
    return names.map((name) => this.groups.require(name.replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:/, '')));
  }
}

function queryOf(text: string, limit: number): Query {
  try {
    return parseQuery(text, limit);
  } catch (error) {
    if (error instanceof MalformedQueryError) throw refused('MalformedQueryException', error.message);
    throw error;
  }
}

function statusOf({ startedAt, endsAt, ends, stoppedAt }: Running): QueryStatus {
  const now = Date.now();
  if (stoppedAt !== undefined) return 'Cancelled';
  if (now >= endsAt) return ends;
  return now < startedAt + scheduledMs ? 'Scheduled' : 'Running';
}

/** The rows of a share of the lines: while a query runs, only some have been read. */
function resultsOf({ query, groups, from, to, startedAt }: Running, share: number): ResultField[][] {
  const events = groups
    .flatMap((group) => group.events)
    .filter(({ at, visibleAt }) => at >= from && at <= to && visibleAt <= startedAt)
    .sort((a, b) => b.at - a.at);
  const read = events.slice(0, Math.ceil(events.length * share));
  return query
    .run(read.map(rowOf))
    .map((row) => Object.entries(row).flatMap(([field, value]) => (value === undefined ? [] : [{ field, value }])));
}
