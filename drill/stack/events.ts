import type { CloudEvent } from '../cloud';
import type { HistoryEvent } from './history';
import type { Ids } from './ids';
import type { Execution } from './machine-runner';
import type { StackResource } from './template';

/** Makes the events that Step Functions and EventBridge themselves send. */
export function eventsOf(ids: Ids, { account, region }: { account: string; region: string }) {
  const envelope = (
    source: string,
    detailType: string,
    resource: string,
    detail: Record<string, unknown>,
  ): CloudEvent => ({
    version: '0',
    id: ids(),
    'detail-type': detailType,
    source,
    account,
    time: new Date().toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: [resource],
    detail,
  });
  return {
    /** "Step Functions Execution Status Change", when the history event begins or ends an execution. */
    statusChange(execution: Execution, { type, at }: HistoryEvent): CloudEvent | undefined {
      if (!type.startsWith('Execution')) return undefined;
      const { id, name, status, startedAt, error = null, cause = null } = execution;
      const stopDate = type === 'ExecutionStarted' ? null : at;
      const stateMachineArn = id.split(':').slice(0, 7).join(':').replace(':execution:', ':stateMachine:');
      const detail = { executionArn: id, stateMachineArn, name, status, startDate: startedAt, stopDate, error, cause };
      return envelope('aws.states', 'Step Functions Execution Status Change', id, detail);
    },
    /** The event that a rule with a schedule hands to its targets. */
    scheduled(rule: StackResource): CloudEvent {
      return envelope('aws.events', 'Scheduled Event', rule.arn, {});
    },
  };
}
