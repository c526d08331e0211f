import { judgeMove, type Membership, type ServiceState } from '../../functions/service/membership';

const now = new Date('2026-11-24T02:00:00Z');
const later = new Date('2026-11-24T02:20:00Z');
const membership: Membership = { group: 'web', targets: [{ targetGroupArn: 'arn:tg', port: 80 }] };
const judge = (direction: 'out' | 'back', state: ServiceState, of = membership) =>
  judgeMove(direction, of, state, undefined, now, 900);

test.each<['out' | 'back', ServiceState, string]>([
  ['out', { lifecycle: 'Standby', health: ['unused'] }, 'DONE'],
  ['out', { lifecycle: 'EnteringStandby', health: ['unused'] }, 'WAITING'],
  ['out', { lifecycle: 'Standby', health: ['draining'] }, 'WAITING'],
  ['back', { lifecycle: 'InService', health: ['healthy'] }, 'DONE'],
  ['back', { lifecycle: 'InService', health: ['initial'] }, 'WAITING'],
  ['back', { lifecycle: 'Pending', health: ['healthy'] }, 'WAITING'],
])('%s with %j is %s', (direction, state, verdict) => {
  expect(judge(direction, state).verdict).toBe(verdict);
});

test('an instance that serves nowhere is out, and back, at once', () => {
  expect(judge('out', { health: [] }, { targets: [] }).verdict).toBe('DONE');
  expect(judge('back', { health: [] }, { targets: [] }).verdict).toBe('DONE');
});

test('a group that has lost the instance is never taken as back in service', () => {
  expect(judge('back', { lifecycle: undefined, health: ['healthy'] }).verdict).toBe('WAITING');
});

test('a move that does not end is escalated at its ceiling with what was found', () => {
  const first = judge('back', { lifecycle: 'InService', health: ['unhealthy'] });
  const last = judgeMove('back', membership, { lifecycle: 'InService', health: ['unhealthy'] }, first, later, 900);

  expect(last).toMatchObject({ verdict: 'OVERDUE', conclusion: { outcome: 'ESCALATED', code: 'not-back-in-service' } });
  expect(last.conclusion?.reason).toContain('target is unhealthy');
});
