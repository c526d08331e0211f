import {
  type DeleteAlarmsCommandInput,
  type DeleteAlarmsCommandOutput,
  InvalidFormatFault,
  type PutMetricAlarmCommandInput,
  type PutMetricAlarmCommandOutput,
  type SetAlarmStateCommandInput,
  type SetAlarmStateCommandOutput,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { serviceError } from '../errors';
import { type CommandModel, changes } from '../service';
import { Alarm } from './alarm';
import type { AlarmBook } from './alarm-book';

/** Source: CloudWatch API reference, DeleteAlarms. */
const mostDeleted = 100;

/** The commands that change alarms. Source: CloudWatch API reference. */
export function changeAlarms(
  book: AlarmBook,
  put: (input: PutMetricAlarmCommandInput) => string,
): Record<string, CommandModel> {
  return {
    SetAlarmState: changes<SetAlarmStateCommandInput, SetAlarmStateCommandOutput>((input, call) => {
      const alarm = book.require(input.AlarmName ?? '');
      call.touch(alarm.arn);
      const reasonData = input.StateReasonData;
      assertJson(reasonData);
      const state = {
        value: input.StateValue as StateValue,
        reason: input.StateReason ?? '',
        ...(reasonData && { reasonData }),
        at: Date.now(),
      };
      if (book.enter(alarm, state)) call.change(alarm.arn);
      book.evaluateComposites();
      return {};
    }),
    PutMetricAlarm: changes<PutMetricAlarmCommandInput, PutMetricAlarmCommandOutput>((input, call) => {
      call.change(put(input));
      return {};
    }),
    DeleteAlarms: changes<DeleteAlarmsCommandInput, DeleteAlarmsCommandOutput>((input, call) => {
      const names = input.AlarmNames ?? [];
      if (names.length > mostDeleted)
        throw serviceError('cloudwatch', 'ValidationError', 'At most 100 alarms can be deleted at once.');
      // "If you specify an incorrect alarm name, the alarms you specify with correct names are still deleted."
      const alarms = names.flatMap((name) => book.find(name) ?? []);
      if (alarms.filter((alarm) => !(alarm instanceof Alarm)).length > 1)
        throw serviceError('cloudwatch', 'ValidationError', 'You can delete one composite alarm per operation.');
      for (const alarm of alarms) if (book.delete(alarm.name)) call.change(alarm.arn);
      return {};
    }),
  };
}

function assertJson(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch (cause) {
    const fault = new InvalidFormatFault({
      message: 'StateReasonData was not syntactically valid JSON',
      $metadata: { httpStatusCode: 400 },
    });
    throw Object.assign(fault, { cause });
  }
}
