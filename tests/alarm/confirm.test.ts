import type { Alarm } from '../../functions/alarm/alarm';
import { confirm } from '../../functions/alarm/confirm';

const alarm: Alarm = {
  alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a',
  alarmName: 'a',
  kind: 'metric',
  state: 'ALARM',
  changedAt: '2026-11-24T02:00:00.000Z',
  reason: 'Threshold Crossed',
  account: '123456789012',
  region: 'us-east-1',
  metricNames: ['CPUUtilization'],
};
const now = { state: 'ALARM', transitionedAt: '2026-11-24T02:00:00.400Z', actionsEnabled: true };

test('an alarm that still stands is confirmed', () => {
  expect(confirm(alarm, now)).toEqual({ verdict: 'ALARM' });
});

test.each([
  ['alarm-deleted', undefined],
  ['alarm-recovered', { ...now, state: 'OK' }],
  ['alarm-unknown', { ...now, state: 'INSUFFICIENT_DATA' }],
  ['alarm-actions-disabled', { ...now, actionsEnabled: false }],
  ['alarm-superseded', { ...now, transitionedAt: '2026-11-24T02:10:00.000Z' }],
])('%s is skipped', (code, found) => {
  const { verdict, conclusion } = confirm(alarm, found);

  expect(verdict).toBe('NOT_CONFIRMED');
  expect(conclusion).toMatchObject({ outcome: 'SKIPPED', code });
});

test('an alarm that is OK only after the reboot did not recover by itself', () => {
  const reasonOf = (wasRebooted: boolean) => confirm(alarm, { ...now, state: 'OK' }, wasRebooted).conclusion?.reason;

  expect(reasonOf(true)).toContain('after the reboot');
  expect(reasonOf(false)).toContain('by itself before anything was done');
});
