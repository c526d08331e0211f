import { DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { narrowSessions } from '../place/narrow';
import { sessionPolicyOf } from '../place/session-policy';
import { chunksOf } from '../shared/chunks';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { pause } from '../shared/clock';
import type { StepTools } from '../shared/step';
import { madeByEnrolment } from './alarm-kinds';
import { type DesiredAlarm, dimensionsOf } from './desired';
import type { AlarmChanges } from './diff';
import { changeEveryMs, reserveTurns } from './pace';

// Only what changes something is deployed with it.
narrowSessions(sessionPolicyOf);

/** The maximum number of names in a DeleteAlarms call. Source: CloudWatch API reference, DeleteAlarms. */
const namesACall = 100;

/** Turns reserved at once: ten take four seconds, after which others get theirs. */
const turnsAtOnce = 10;

export interface Applied {
  put: number;
  removed: number;
  /** Changes not made because the queue was too long or the time was up. */
  left: number;
}

/**
 * Makes the changes at the stage's pace; each is safe to repeat, so an aborted run can be started again.
 * @param until no change starts after this time
 * @param longestWaitMs how long to wait for others who change alarms
 */
export async function applyChanges(
  { put, remove }: Pick<AlarmChanges, 'put' | 'remove'>,
  { clock, config }: StepTools,
  until: Date,
  longestWaitMs: number,
): Promise<Applied> {
  const calls = [
    ...chunksOf(remove, namesACall).map((names) => ({ names, run: () => removeAlarms(names) })),
    ...put.map((alarm) => ({ alarm, run: () => putAlarm(alarm, config.STAGE) })),
  ];
  const applied: Applied = { put: 0, removed: 0, left: put.length + remove.length };
  for (const turns of chunksOf(calls, turnsAtOnce)) {
    if (clock.now() >= until) return applied;
    const wait = await reserveTurns(turns.length, longestWaitMs, clock.now(), config);
    if (wait === undefined) return applied;
    await pause(wait);
    for (const call of turns) {
      await call.run();
      const done = 'names' in call ? call.names.length : 1;
      applied['names' in call ? 'removed' : 'put'] += done;
      applied.left -= done;
      await pause(changeEveryMs);
    }
  }
  return applied;
}

async function removeAlarms(AlarmNames: string[]): Promise<void> {
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames }));
}

async function putAlarm(alarm: DesiredAlarm, stage: string): Promise<void> {
  const { name, kind, threshold, instanceId } = alarm;
  const { properties } = kind;
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      ...properties,
      AlarmName: name,
      AlarmDescription: `${madeByEnrolment} ${kind.id} of ${instanceId} starts ${kind.playbook}.`,
      Threshold: threshold,
      Dimensions: dimensionsOf(alarm),
      Tags: [
        { Key: 'Project', Value: 'incident-playbooks' },
        { Key: 'Stage', Value: stage },
        { Key: 'incident-playbooks:instance', Value: instanceId },
      ],
    }),
  );
}
