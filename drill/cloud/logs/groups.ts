import type { PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { Metrics } from '../cloudwatch/series';
import { UnmodelledInputError } from '../errors';
import { checkTransformations } from './check-filter';
import { FilterMetrics } from './filter-metrics';
import type { LogEvent, LogGroup } from './group';
import { FilterPatternError, parsePattern } from './pattern';
import { noGroup, refused } from './refused';

/** Source: CloudWatch Logs user guide, "CloudWatch Logs quotas"; "Supported regular expressions", quotas. */
const mostFilters = 100;
const mostFiltersWithRegex = 5;
/** How long after it was sent a line can be searched and is counted. Source: none; aws-sdk-net#1387 says up to a minute. */
const usualDelayMs = 5_000;

/** The log groups of the account, their lines and their metric filters. */
export class LogGroups {
  private readonly groups = new Map<string, LogGroup>();
  private readonly metrics: FilterMetrics;

  constructor(metrics: Pick<Metrics, 'define'>) {
    this.metrics = new FilterMetrics(metrics);
  }

  all(): LogGroup[] {
    return [...this.groups.values()];
  }

  /** @throws ResourceNotFoundException */
  require(name: string | undefined): LogGroup {
    const group = this.groups.get(name ?? '');
    if (!group) throw noGroup();
    return group;
  }

  /** @throws ResourceAlreadyExistsException */
  create(name: string): LogGroup {
    if (this.groups.has(name))
      throw refused('ResourceAlreadyExistsException', 'The specified log group already exists');
    // It stood before the drill: only what it is given counts.
    const group: LogGroup = { name, createdAt: 0, events: [], filters: new Map() };
    this.groups.set(name, group);
    this.metrics.countIncoming(group);
    return group;
  }

  /** Deletes a group with its lines and filters; what they have counted stays. @throws ResourceNotFoundException */
  delete(name: string): void {
    this.require(name);
    this.groups.delete(name);
  }

  /** Writes a line, which may lie ahead. @throws ResourceNotFoundException */
  write(name: string, event: Pick<LogEvent, 'at' | 'message'> & { stream?: string; delayMs?: number }): void {
    const { at, message, stream = 'stream', delayMs = usualDelayMs } = event;
    this.require(name).events.push({ at, message, stream, visibleAt: at + delayMs });
  }

  /**
   * Source: CloudWatch Logs API reference, PutMetricFilter, MetricTransformation.
   * @throws ResourceNotFoundException, InvalidParameterException, LimitExceededException
   */
  putFilter(input: Partial<PutMetricFilterCommandInput>): void {
    const { logGroupName, filterName = '', filterPattern, metricTransformations = [] } = input;
    const group = this.require(logGroupName);
    if (!/^[^:*]{1,512}$/.test(filterName)) throw refused('InvalidParameterException', 'The filter needs a name.');
    if (filterPattern === undefined) throw refused('InvalidParameterException', 'The filter needs a pattern.');
    const parsed = patternOf(filterPattern);
    const transformation = checkTransformations(metricTransformations, parsed.kind);
    const others = [...group.filters.values()].filter(({ name }) => name !== filterName);
    if (others.length >= mostFilters) throw refused('LimitExceededException', 'Resource limit exceeded.');
    if (parsed.regexes > 0 && others.filter((one) => one.parsed.regexes > 0).length >= mostFiltersWithRegex)
      throw refused('LimitExceededException', 'Resource limit exceeded.');
    const filter = { name: filterName, pattern: filterPattern, parsed, transformation, createdAt: Date.now() };
    group.filters.set(filterName, filter);
    this.metrics.count(group, filter);
  }
}

/** A pattern, or the refusal of CloudWatch Logs. @throws InvalidParameterException */
export function patternOf(pattern: string): ReturnType<typeof parsePattern> {
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (error instanceof UnmodelledInputError || !(error instanceof FilterPatternError)) throw error;
    throw refused('InvalidParameterException', `Invalid metric filter pattern: ${error.message}`);
  }
}
