import {
  type DescribeAlarmContributorsCommandInput,
  type DescribeAlarmContributorsCommandOutput,
  type DescribeAlarmsCommandInput,
  type DescribeAlarmsCommandOutput,
  InvalidNextToken,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch';
import { serviceError, UnmodelledInputError } from '../errors';
import { type CommandModel, reads } from '../service';
import { Alarm } from './alarm';
import type { AlarmBook } from './alarm-book';
import type { CompositeAlarm } from './composite';

/** The commands that describe alarms. Source: CloudWatch API reference. */
export function describeAlarms(book: AlarmBook): Record<string, CommandModel> {
  return {
    DescribeAlarms: reads<DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput>((input, call) => {
      // Composite alarms are told to those alone who may describe on `*`. Source: CloudWatch API reference, DescribeAlarms.
      const mayAll = call.isAllowedOnAll('cloudwatch:DescribeAlarms');
      const found = select(book, input).filter((alarm) => mayAll || alarm instanceof Alarm);
      const { items, next } = pageOf(found, input.MaxRecords ?? 50, input.NextToken);
      call.touch(...items.map((alarm) => alarm.arn));
      return {
        MetricAlarms: items.filter((alarm) => alarm instanceof Alarm).map((alarm) => alarm.view()),
        CompositeAlarms: items
          .filter((alarm): alarm is CompositeAlarm => !(alarm instanceof Alarm))
          .map((alarm) => alarm.view()),
        ...(next && { NextToken: next }),
      };
    }),
    DescribeAlarmContributors: reads<DescribeAlarmContributorsCommandInput, DescribeAlarmContributorsCommandOutput>(
      (input, call) => {
        // Here it is another exception than elsewhere. Source: CloudWatch API reference, DescribeAlarmContributors, "Errors".
        const alarm = book.find(input.AlarmName ?? '');
        if (!alarm)
          throw new ResourceNotFoundException({
            message: `Alarm ${input.AlarmName} does not exist`,
            ResourceType: 'Alarm',
            ResourceId: input.AlarmName ?? '',
            $metadata: { httpStatusCode: 404 },
          });
        const { items, next } = pageOf(book.contributorsOf(alarm.name), 100, input.NextToken);
        call.touch(alarm.arn);
        const AlarmContributors = items.map(({ id, attributes, reason, at }) => ({
          ContributorId: id,
          ContributorAttributes: { ...attributes },
          StateReason: reason,
          StateTransitionedTimestamp: new Date(at),
        }));
        return { AlarmContributors, ...(next && { NextToken: next }) };
      },
    ),
  };
}

function select(book: AlarmBook, input: DescribeAlarmsCommandInput): readonly (Alarm | CompositeAlarm)[] {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue } = input;
  if (input.ActionPrefix || input.ChildrenOfAlarmName || input.ParentsOfAlarmName) {
    throw new UnmodelledInputError(
      'The simulated CloudWatch does not model ActionPrefix, ChildrenOfAlarmName or ParentsOfAlarmName.',
    );
  }
  const invalid = (message: string) => serviceError('cloudwatch', 'ValidationError', message);
  if (AlarmNames && AlarmNamePrefix) throw invalid('AlarmNamePrefix and AlarmNames are mutually exclusive');
  if ((AlarmNames?.length ?? 0) > 100)
    throw invalid(
      `Value '[...]' at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to 100`,
    );
  const types = AlarmTypes?.length ? AlarmTypes : ['MetricAlarm'];
  return book
    .sorted(AlarmNames?.length ? AlarmNames : undefined)
    .filter((alarm) => types.includes(alarm instanceof Alarm ? 'MetricAlarm' : 'CompositeAlarm'))
    .filter((alarm) => !AlarmNamePrefix || alarm.name.startsWith(AlarmNamePrefix))
    .filter((alarm) => !StateValue || alarm.state.value === StateValue);
}

function pageOf<Item>(
  items: readonly Item[],
  size: number,
  token: string | undefined,
): { items: Item[]; next?: string } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0)
    throw new InvalidNextToken({ message: 'Invalid nextToken', $metadata: { httpStatusCode: 400 } });
  return { items: items.slice(from, from + size), ...(from + size < items.length && { next: String(from + size) }) };
}
