import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutCompositeAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { ask } from '../doctor/ask';
import { type Answer, type Line, notAsked } from '../doctor/line';
import { alarmOf, usable, whyNone } from './alarm';
import type { ClosedRecord } from './executions';
import type { Smoke, SmokeCheck } from './frame';
import { readAlarm, setAlarm } from './set-alarm';
import { until } from './until';
import { follow, judgeAlarm } from './walk';

const id = 'composite';
/** CloudWatch evaluates a new composite alarm at once, and tells it seconds later. */
const evaluatedWithinMs = 2 * 60_000;

/** The composite alarm of a run: it starts the same playbook, and names no instance itself. */
const nameOf = ({ stage, runId }: Smoke) => `restart-instance-${stage}-smoke-${runId}`;

/** Makes the composite alarm, with the enrolled alarm as its only child; it has no actions. */
async function make(smoke: Smoke): Promise<() => Promise<Line | undefined>> {
  const { clients, ledger, place } = smoke;
  const AlarmName = nameOf(smoke);
  const remove = ledger.note({
    what: `${AlarmName} is deleted`,
    undo: () =>
      ask('cloudwatch:DeleteAlarms', () =>
        clients.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })),
      ),
    byCommand: `aws cloudwatch delete-alarms --region ${place.region} --alarm-names ${AlarmName}`,
  });
  const input = {
    AlarmName,
    AlarmRule: `ALARM("${alarmOf(smoke)}")`,
    AlarmDescription: `Made by a smoke test, run ${smoke.runId}; it may be deleted.`,
    ActionsEnabled: true,
  };
  await ask('cloudwatch:PutCompositeAlarm', () => clients.cloudWatch.send(new PutCompositeAlarmCommand(input)));
  return remove;
}

/** Waits until the composite alarm is OK, so that ALARM is a change. */
async function isReady(smoke: Smoke): Promise<true | undefined> {
  const input = { AlarmNames: [nameOf(smoke)], AlarmTypes: ['CompositeAlarm' as const] };
  return until(smoke.clock, evaluatedWithinMs, async () => {
    const { CompositeAlarms = [] } = await ask('cloudwatch:DescribeAlarms', () =>
      smoke.clients.cloudWatch.send(new DescribeAlarmsCommand(input)),
    );
    return CompositeAlarms[0]?.StateValue === 'OK' || undefined;
  });
}

/** The child may go back before the step reads it: then the event was read, and no more can be said. */
function judge(smoke: Smoke, record: ClosedRecord): Answer {
  if (record.code === 'alarm-recovered' && record.instanceId === undefined)
    return notAsked('CloudWatch took the child alarm back before it was read', 'run the command again');
  return judgeAlarm(smoke, record);
}

/** The same way through a composite alarm, whose event names only its children. */
export const compositeCheck: SmokeCheck = {
  id: 'composite-execution',
  what: 'composite: execution',
  ask: async (smoke) => {
    const child = await readAlarm(smoke, alarmOf(smoke));
    const answer = usable(smoke, alarmOf(smoke), child);
    const at = (part: string, one: Answer): Line => ({ id: `${id}-${part}`, what: `composite: ${part}`, ...one });
    if (!child || answer.verdict !== 'ok') return [at('execution', answer)];
    const remove = await make(smoke);
    if (!(await isReady(smoke)))
      return [at('execution', notAsked('CloudWatch did not evaluate the composite alarm', 'run the command again'))];
    const { since, putBack } = await setAlarm(smoke, child);
    const lines = await follow(smoke, {
      ...{ id, what: 'composite', machine: 'restart-instance', since },
      isOurs: (input) => input.includes(nameOf(smoke)),
      whyNone: () => whyNone(smoke),
      judge: (record) => judge(smoke, record),
    });
    const back = [await putBack(), await remove()];
    return [...lines, ...back.flatMap((line) => line ?? [])];
  },
};
