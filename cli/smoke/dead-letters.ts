import { type AlarmHistoryItem, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import { ask } from '../doctor/ask';
import { arnIn } from '../doctor/check';
import { type Answer, fail, type Line, notAsked, ok } from '../doctor/line';
import { countDeadLetters, readLetters } from '../doctor/stage';
import { readTopic } from '../doctor/told';
import type { Smoke, SmokeCheck } from './frame';
import { readAlarm, setAlarm } from './set-alarm';
import { until } from './until';
import { deployAgain } from './wiring';

const actsWithinMs = 3 * 60_000;

const nameOf = ({ stage }: Smoke) => `incident-playbooks-${stage}-dead-letters`;

/** Waits for what CloudWatch writes about the alarm's action. Source: CloudWatch API reference, DescribeAlarmHistory. */
async function actionOf(smoke: Smoke, since: Date, topic: string): Promise<AlarmHistoryItem | undefined> {
  const input = { AlarmName: nameOf(smoke), HistoryItemType: 'Action' as const, StartDate: since, MaxRecords: 20 };
  return until(smoke.clock, actsWithinMs, async () => {
    const { AlarmHistoryItems = [] } = await ask('cloudwatch:DescribeAlarmHistory', () =>
      smoke.clients.cloudWatch.send(new DescribeAlarmHistoryCommand(input)),
    );
    return AlarmHistoryItems.find(({ HistorySummary = '' }) => HistorySummary.includes(topic));
  });
}

/** Whether the alarm on undelivered events has an action, and what came of it. */
async function askAlarm(smoke: Smoke): Promise<{ answer: Answer; back?: Line | undefined }> {
  const topic = arnIn(smoke, 'sns', '*-notices');
  const name = nameOf(smoke);
  const alarm = await readAlarm(smoke, name);
  if (!alarm) return { answer: fail(`there is no alarm ${name}`, deployAgain(smoke)) };
  if (!alarm.AlarmActions?.includes(topic))
    return { answer: fail(`${name} has no action, so nobody would be told of undelivered events`, deployAgain(smoke)) };
  if (alarm.ActionsEnabled === false) {
    const todo = `aws cloudwatch enable-alarm-actions --alarm-names ${name}`;
    return { answer: fail(`the actions of ${name} are disabled`, todo) };
  }
  if (alarm.StateValue === 'ALARM')
    return { answer: notAsked(`${name} is in ALARM now`, `read why: ${readLetters(smoke)}`) };
  const { since, putBack } = await setAlarm(smoke, alarm);
  const item = await actionOf(smoke, since, topic);
  const back = await putBack();
  return { answer: judge(smoke, item), back };
}

/** CloudWatch's own words: `Successfully executed action …` or `Failed to execute action …`, with the error. */
function judge(smoke: Smoke, item: AlarmHistoryItem | undefined): Answer {
  const { HistorySummary: summary = '', HistoryData: data = '' } = item ?? {};
  if (!item)
    return fail('CloudWatch wrote of no action within three minutes', 'look at the history of the alarm in CloudWatch');
  if (/^Successfully executed/.test(summary)) return ok('CloudWatch has published to the topic of notices');
  const said = summary.includes('Received error') ? summary : `${summary} ${data}`;
  return fail(
    said.trim(),
    `the topic's policy must let cloudwatch.amazonaws.com publish, and its key kms:Decrypt and kms:GenerateDataKey: ${deployAgain(smoke)}`,
  );
}

/** The alarm on undelivered events, and who gets its mail. */
export const deadLetterAlarmCheck: SmokeCheck = {
  id: 'dead-letter-alarm',
  what: 'dead-letter alarm',
  ask: async (smoke) => {
    const { answer, back } = await askAlarm(smoke);
    return [
      { id: 'dead-letter-alarm', what: 'dead-letter alarm', ...answer },
      { id: 'dead-letter-mail', what: 'dead-letter alarm: mail', ...(await readTopic(smoke)) },
      ...(back ? [back] : []),
    ];
  },
};

/** Asked last: whether this run, or one before it, left an event undelivered. */
export const deadLetterQueueCheck: SmokeCheck = {
  id: 'dead-letter-queue',
  what: 'dead-letter queue',
  ask: async (smoke) => {
    const count = await countDeadLetters(smoke);
    const line = (answer: Answer): Line[] => [{ id: 'dead-letter-queue', what: 'dead-letter queue', ...answer }];
    if (count === undefined) return line(fail('there is no queue', deployAgain(smoke)));
    if (count === 0) return line(ok('empty'));
    return line(
      fail(
        `${count} ${count === 1 ? 'event' : 'events'} could not be delivered`,
        `read why (attribute ERROR_MESSAGE): ${readLetters(smoke)}`,
      ),
    );
  },
};
