import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import { type Issue, isOpen, issueSchema } from './issue';

/** Every issue that stands now, by page. A read that fails throws: unknown is not a yes. */
export async function readOpenIssues(now: Date, { TABLE_NAME }: Pick<Config, 'TABLE_NAME'>): Promise<Issue[]> {
  const found: Issue[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.send(
      new QueryCommand({
        TableName: TABLE_NAME,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :issue)',
        ExpressionAttributeValues: { ':pk': 'HEALTH', ':issue': 'ISSUE#' },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    found.push(...Items.map((item) => parseWith(issueSchema, item, 'issue')));
    from = LastEvaluatedKey;
  } while (from);
  return withNewest(found).filter((issue) => isOpen(issue, now));
}

/** An event's newest page says how all of its pages stand: the communication that closes it may have fewer. */
function withNewest(pages: readonly Issue[]): Issue[] {
  return pages.map((page) => {
    const newest = pages.filter(({ eventArn }) => eventArn === page.eventArn).sort(byUpdate)[0]!;
    const { status, startsAt, endsAt, until } = newest;
    return { ...page, status, startsAt, endsAt, until };
  });
}

const byUpdate = (a: Issue, b: Issue) => b.updatedAt.localeCompare(a.updatedAt);
