import type { ReportExecution, ReportInput } from './input';

/** Billed state transitions of a Standard workflow; retries count, too. */
export function transitionsOf(executions: readonly Pick<ReportExecution, 'history'>[]): number {
  return executions
    .flatMap(({ history }) => history)
    .filter(({ type }) => type === 'StateEntered' || type === 'StateRetried').length;
}

/** Real changes in the cloud: calls that changed something, except records. */
export function changesOf({ ledger }: Pick<ReportInput, 'ledger'>): ReportInput['ledger'] {
  return ledger.filter(({ effective, service }) => effective && service !== 'dynamodb' && service !== 'sns');
}

/** The executions that a report shows in full: the first few, or of many those with the most states. */
export function shownExecutions(executions: readonly ReportExecution[], most: number): ReportExecution[] {
  if (executions.length <= most) return [...executions];
  const longest = [...executions].sort((a, b) => b.path.length - a.path.length).slice(0, most);
  return executions.filter((one) => longest.includes(one));
}
