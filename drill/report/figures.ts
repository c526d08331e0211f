import type { ReportExecution, ReportInput } from './input';

/** State transitions of a Standard workflow, as they are billed: retries count too. */
export function transitionsOf(executions: readonly Pick<ReportExecution, 'history'>[]): number {
  return executions
    .flatMap(({ history }) => history)
    .filter(({ type }) => type === 'StateEntered' || type === 'StateRetried').length;
}

/** What was really done to the cloud: calls that changed something, the records aside. */
export function changesOf({ ledger }: Pick<ReportInput, 'ledger'>): ReportInput['ledger'] {
  return ledger.filter(({ effective, service }) => effective && service !== 'dynamodb' && service !== 'sns');
}

/** The executions that a report tells in full: the first few, of many the ones that went through most states. */
export function toldExecutions(executions: readonly ReportExecution[], most: number): ReportExecution[] {
  if (executions.length <= most) return [...executions];
  const longest = [...executions].sort((a, b) => b.path.length - a.path.length).slice(0, most);
  return executions.filter((one) => longest.includes(one));
}
