import { accountHere } from '../place/here';
import { itemsIn } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import { type Issue, isOpen, issueSchema } from './issue';

/** Every issue that stands now in the account of the running step, by page. A read that fails throws: unknown is not a yes. */
export async function readOpenIssues(now: Date, config: Pick<Config, 'TABLE_NAME'>): Promise<Issue[]> {
  const items = await itemsIn('HEALTH', 'ISSUE#', config);
  const found = items.map((item) => parseWith(issueSchema, item, 'issue'));
  return withNewest(found.filter(({ account }) => account === accountHere())).filter((issue) => isOpen(issue, now));
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
