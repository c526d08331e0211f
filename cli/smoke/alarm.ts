import { matchesPattern } from '../../drill/stack/pattern';
import { alarmKinds, alarmNameOf } from '../../functions/enrolment/alarm-kinds';
import { arnIn } from '../doctor/check';
import { type Answer, fail, type Line, notAsked, ok } from '../doctor/line';
import { countDeadLetters, readLetters } from '../doctor/stage';
import { aliasOf, type ClosedRecord } from './executions';
import type { Smoke, SmokeCheck } from './frame';
import { readAlarm, reasonOf, setAlarm } from './set-alarm';
import { endOf, follow, judgeAlarm } from './walk';
import { deployAgain, readRule } from './wiring';

/** The enrolled alarm that is set: the first that starts a restart. */
export const alarmOf = ({ stage, instanceId }: Pick<Smoke, 'stage' | 'instanceId'>): string =>
  alarmNameOf(alarmKinds.find(({ playbook }) => playbook === 'restart-instance')!, stage, instanceId);

/** The event that CloudWatch would send of an alarm, as far as a rule's pattern may look at it. */
const eventOf = (smoke: Smoke, alarmName: string) => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  account: smoke.place.account,
  region: smoke.place.region,
  resources: [arnIn(smoke, 'cloudwatch', `alarm:${alarmName}`)],
  detail: { alarmName, state: { value: 'ALARM' }, previousState: { value: 'OK' } },
});

/** Whether the rule of the restart would take the alarm's event. */
export async function askRule(smoke: Smoke, alarmName: string): Promise<Answer> {
  const name = `incident-playbooks-${smoke.stage}-restart-instance`;
  const rule = await readRule(smoke, name);
  if (!rule) return fail(`the rule ${name} does not exist`, deployAgain(smoke));
  if (!rule.isOn) return fail(`the rule ${name} is disabled`, `aws events enable-rule --name ${name}`);
  if (!matchesPattern(rule.pattern, eventOf(smoke, alarmName))) {
    const { detail } = rule.pattern as { detail?: { alarmName?: unknown } };
    return fail(
      `the rule ${name} does not take the alarm ${alarmName}: its pattern wants ${JSON.stringify(detail?.alarmName)}`,
      `rule and alarms are of different stages or versions: ${deployAgain(smoke)}`,
    );
  }
  return ok(`${name} takes ${alarmName}`);
}

/** Why no execution began, as far as AWS tells. */
export async function whyNone(smoke: Smoke): Promise<Answer> {
  const letters = await countDeadLetters(smoke);
  if (letters)
    return fail(
      'no execution began, and the event is in the dead-letter queue: the rule may not start the machine',
      `read why (attribute ERROR_MESSAGE): ${readLetters(smoke)}`,
    );
  return fail(
    `no execution began by ${aliasOf(smoke, 'restart-instance')} within three minutes`,
    `see whether the rule matched (metrics MatchedEvents and FailedInvocations of AWS/Events); if it did, its role may not start the machine: ${deployAgain(smoke)}`,
  );
}

const id = 'alarm';

/** The way of an enrolled alarm: alarm, rule, alias, execution, record, notice. */
export const alarmCheck: SmokeCheck = {
  id: 'alarm-state',
  what: 'alarm',
  ask: async (smoke) => {
    const name = alarmOf(smoke);
    const rule: Line = { id: `${id}-rule`, what: 'alarm: rule', ...(await askRule(smoke, name)) };
    const alarm = await readAlarm(smoke, name);
    const answer = usable(smoke, name, alarm);
    const state: Line = { id: `${id}-state`, what: 'alarm', ...answer };
    if (!alarm || answer.verdict !== 'ok') return [rule, state];
    const { since, putBack } = await setAlarm(smoke, alarm);
    const lines = await follow(smoke, {
      ...{ id, what: 'alarm', machine: 'restart-instance', since },
      isOurs: (input) => input.includes(reasonOf(smoke)) && input.includes('"CloudWatch Alarm State Change"'),
      whyNone: () => whyNone(smoke),
      judge: (record) => judge(smoke, record),
    });
    const back = await putBack();
    return [rule, state, ...lines, ...(back ? [back] : [])];
  },
};

/** Another incident on the instance takes the alarm over, and its notice is sent when that one ends. */
function judge(smoke: Smoke, record: ClosedRecord): Answer {
  if (record.code === 'joined' || record.code === 'held')
    return notAsked(endOf(record), 'run the command again when that incident is over');
  return judgeAlarm(smoke, record);
}

/** Whether setting the alarm would show anything. */
export function usable(smoke: Smoke, name: string, alarm: Awaited<ReturnType<typeof readAlarm>>): Answer {
  const reconcile = aliasOf(smoke, 'reconcile-alarms');
  if (!alarm)
    return fail(
      `the instance has no alarm ${name}`,
      `aws stepfunctions start-execution --state-machine-arn ${reconcile} --input '{ "report": true }'`,
    );
  if (alarm.StateValue === 'ALARM')
    return notAsked(
      `${name} is in ALARM now, so setting it would send no event`,
      'run the command when it is OK again',
    );
  if (alarm.ActionsEnabled === false)
    return notAsked(
      `the actions of ${name} are disabled, which counts as maintenance`,
      `aws cloudwatch enable-alarm-actions --alarm-names ${name}`,
    );
  return ok(`${name} is ${alarm.StateValue}, and was set to ALARM`);
}
