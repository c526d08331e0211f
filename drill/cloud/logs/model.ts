import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  DescribeMetricFiltersCommandInput,
  DescribeMetricFiltersCommandOutput,
  FilterLogEventsCommandInput,
  FilterLogEventsCommandOutput,
  GetQueryResultsCommandInput,
  GetQueryResultsCommandOutput,
  PutMetricFilterCommandInput,
  PutMetricFilterCommandOutput,
  StartQueryCommandInput,
  StartQueryCommandOutput,
  StopQueryCommandInput,
  StopQueryCommandOutput,
  TestMetricFilterCommandInput,
  TestMetricFilterCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { arnOf } from '../arn';
import type { Metrics } from '../cloudwatch/series';
import type { Environment } from '../environment';
import { changes, reads, type ServiceModel } from '../service';
import { filterLogEvents } from './events';
import { LogGroups, patternOf } from './groups';
import { Queries } from './queries';
import { refused } from './refused';

/** Source: CloudWatch Logs API reference, TestMetricFilter. */
const mostMessages = 50;
/** Source: the same, DescribeLogGroups, DescribeMetricFilters. */
const mostInPage = 50;

/** Simulated CloudWatch Logs: groups, metric filters, and Logs Insights as far as it is used. */
export class LogsModel implements ServiceModel {
  readonly service = 'logs';
  readonly groups: LogGroups;
  readonly queries: Queries;
  readonly commands: ServiceModel['commands'];

  constructor(environment: Pick<Environment, 'random' | 'account' | 'region'>, metrics: Pick<Metrics, 'define'>) {
    const groups = new LogGroups(metrics);
    this.groups = groups;
    this.queries = new Queries(environment, groups);
    this.commands = { ...this.ofGroups(environment), ...this.ofFilters(), ...this.ofQueries() };
  }

  private ofGroups(place: Pick<Environment, 'account' | 'region'>): ServiceModel['commands'] {
    return {
      DescribeLogGroups: reads<DescribeLogGroupsCommandInput, DescribeLogGroupsCommandOutput>((input) => {
        const { logGroupNamePrefix = '', limit = mostInPage, nextToken } = input;
        const found = this.groups.all().filter(({ name }) => name.startsWith(logGroupNamePrefix));
        return paged(found, limit, nextToken, (page) => ({
          logGroups: page.map(({ name, createdAt }) => ({
            logGroupName: name,
            creationTime: createdAt,
            arn: arnOf(place, 'logs', `log-group:${name}:*`),
          })),
        }));
      }),
      FilterLogEvents: reads<FilterLogEventsCommandInput, FilterLogEventsCommandOutput>((input) =>
        filterLogEvents(this.groups, input),
      ),
    };
  }

  private ofFilters(): ServiceModel['commands'] {
    return {
      PutMetricFilter: changes<PutMetricFilterCommandInput, PutMetricFilterCommandOutput>((input, call) => {
        this.groups.putFilter(input);
        call.change(String(input.logGroupName));
        return {};
      }),
      DescribeMetricFilters: reads<DescribeMetricFiltersCommandInput, DescribeMetricFiltersCommandOutput>((input) => {
        const {
          logGroupName,
          filterNamePrefix = '',
          metricName,
          metricNamespace,
          limit = mostInPage,
          nextToken,
        } = input;
        if ((metricName === undefined) !== (metricNamespace === undefined))
          throw refused('InvalidParameterException', 'metricName and metricNamespace belong together.');
        const groups = logGroupName === undefined ? this.groups.all() : [this.groups.require(logGroupName)];
        const found = groups
          .flatMap((group) => [...group.filters.values()].map((filter) => ({ group, filter })))
          .filter(({ filter }) => filter.name.startsWith(filterNamePrefix))
          .filter(
            ({ filter: { transformation: one } }) =>
              metricName === undefined || (one.metricName === metricName && one.metricNamespace === metricNamespace),
          );
        return paged(found, limit, nextToken, (page) => ({
          metricFilters: page.map(({ group, filter }) => ({
            filterName: filter.name,
            filterPattern: filter.pattern,
            metricTransformations: [filter.transformation],
            creationTime: filter.createdAt,
            logGroupName: group.name,
          })),
        }));
      }),
      TestMetricFilter: reads<TestMetricFilterCommandInput, TestMetricFilterCommandOutput>((input) => {
        const { filterPattern = '', logEventMessages = [] } = input;
        if (logEventMessages.length < 1 || logEventMessages.length > mostMessages)
          throw refused('InvalidParameterException', `1 to ${mostMessages} messages are tested.`);
        const filter = patternOf(filterPattern);
        const matches = logEventMessages.flatMap((eventMessage, i) => {
          const extractedValues = filter.match(eventMessage);
          return extractedValues ? [{ eventNumber: i + 1, eventMessage, extractedValues: { ...extractedValues } }] : [];
        });
        return { matches };
      }),
    };
  }

  private ofQueries(): ServiceModel['commands'] {
    return {
      StartQuery: reads<StartQueryCommandInput, StartQueryCommandOutput>((input) => ({
        queryId: this.queries.start(input),
      })),
      GetQueryResults: reads<GetQueryResultsCommandInput, GetQueryResultsCommandOutput>(({ queryId }) =>
        this.queries.results(queryId),
      ),
      StopQuery: reads<StopQueryCommandInput, StopQueryCommandOutput>(({ queryId }) => {
        this.queries.stop(queryId);
        return { success: true };
      }),
    };
  }
}

function paged<T, Output>(
  all: readonly T[],
  limit: number,
  nextToken: string | undefined,
  view: (page: readonly T[]) => Output,
): Output & { nextToken?: string } {
  if (limit < 1 || limit > mostInPage) throw refused('InvalidParameterException', `limit is from 1 to ${mostInPage}.`);
  const from = Number(nextToken ?? 0);
  const next = from + limit < all.length ? { nextToken: String(from + limit) } : {};
  return { ...view(all.slice(from, from + limit)), ...next };
}
