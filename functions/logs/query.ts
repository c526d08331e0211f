import { GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { fromAws } from '../shared/aws-errors';
import { cloudWatchLogs } from '../shared/clients/cloudwatch-logs';
import { logger } from '../shared/logger';
import type { Field } from './sources';

/** Starts a query over one log group; it only reads, so a second one after a lost answer costs cents and nothing else. */
export async function startQuery(
  { logGroup, query }: { logGroup: string; query: string },
  { from, to }: { from: Date; to: Date },
): Promise<string> {
  const { queryId } = await cloudWatchLogs.send(
    new StartQueryCommand({
      logGroupNames: [logGroup],
      queryString: query,
      startTime: Math.floor(from.getTime() / 1000),
      endTime: Math.ceil(to.getTime() / 1000),
    }),
  );
  return queryId!;
}

/** A query's result: rows only once it is complete, because until then they are a part. */
export type QueryResult =
  | { status: 'running' }
  | { status: 'complete'; rows: Field[][] }
  | { status: 'failed'; why: string };

/** Reads how far a query is. */
export async function readQuery(queryId: string): Promise<QueryResult> {
  const { status, results = [] } = await cloudWatchLogs.send(new GetQueryResultsCommand({ queryId }));
  if (status === 'Complete') return { status: 'complete', rows: results };
  // Unknown is what the service says of a query whose state it cannot tell now.
  if (status === 'Scheduled' || status === 'Running' || status === 'Unknown') return { status: 'running' };
  return { status: 'failed', why: `the query ended as ${status}` };
}

/** Stops a query that takes too long, as well as possible: it would end by itself within an hour. */
export async function stopQuery(queryId: string): Promise<void> {
  try {
    await cloudWatchLogs.send(new StopQueryCommand({ queryId }));
  } catch (error) {
    const { name, message } = fromAws(error);
    logger.error('query not stopped', { step: 'stop-query', error: name, why: message });
  }
}
