import { shownExecutions } from './figures';
import { html } from './html';
import type { ReportExecution, ReportInput } from './input';
import { page } from './page';
import { calls } from './sections/calls';
import { execution } from './sections/execution';
import { incidents } from './sections/incidents';
import { metrics } from './sections/metrics';
import { reviewSection } from './sections/review';
import { checks, summary } from './sections/summary';
import { plural } from './words';

/** The number of executions shown in full; of many, those that went furthest. */
export const mostExecutions = 4;

/**
 * A run as one self-contained HTML page that makes no requests. Pure: the same events give the same page.
 * Everything from outside (alarm names, tags, errors) is escaped.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const told = shownExecutions(input.executions, mostExecutions);
  const executions = [];
  for (const [i, one] of told.entries()) executions.push(await execution(one, input.ledger, `run${i}`));
  const failed = input.checks.some(({ ok }) => !ok);
  const body = html`${summary(input)}
<main>
${failed && checks(input)}
${input.review && reviewSection(input.review)}
${incidents(input)}
${metrics(input)}
${executions}
${told.length < input.executions.length && html`<p class="muted">${plural(input.executions.length - told.length, 'more execution')}: ${endsOf(input.executions)}. Those that went furthest are shown above.</p>`}
${calls(input)}
${!failed && checks(input)}
</main>`;
  return page(`${input.name}: report`, body);
}

function endsOf(executions: readonly ReportExecution[]): string {
  const counts = new Map<string, number>();
  for (const { path } of executions) {
    const end = path.at(-1) ?? 'not started';
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return [...counts].map(([end, count]) => `${count} ended in "${end}"`).join(', ');
}
