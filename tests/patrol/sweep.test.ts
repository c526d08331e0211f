import { judgeStanding } from '../../functions/patrol/sweep';

const now = new Date('2026-11-24T02:00:00Z');
const alarm = {
  alarmArn: 'arn:a',
  alarmName: 'restart-instance-dev-cpu-high-i-1',
  changedAt: '2026-11-24T00:00:00.000Z',
};

test('an alarm that nobody ever took up is told', () => {
  expect(judgeStanding(alarm, undefined, now, 60)).toMatchObject({ code: 'alarm-unattended' });
});

test('so is one whose incident ended while it still stands, with how it ended', () => {
  const incident = { status: 'CLOSED', outcome: 'SKIPPED', reason: 'Automation waits 15 minutes in between.' };

  expect(judgeStanding(alarm, incident, now, 60)).toMatchObject({
    code: 'alarm-left',
    reason: expect.stringContaining('SKIPPED: Automation waits'),
  });
});

test('one that is being worked on is not', () => {
  expect(judgeStanding(alarm, { status: 'OPEN' }, now, 60)).toBeUndefined();
});

test('nor is one that has only just gone off', () => {
  expect(judgeStanding(alarm, undefined, now, 121)).toBeUndefined();
});
