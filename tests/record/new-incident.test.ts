import { incidentIdOf } from '../../functions/record/incident-id';
import { newIncident } from '../../functions/record/new-incident';

const now = new Date('2026-11-24T02:00:00.123Z');
const begun = { executionId: 'execution', playbook: 'restart-instance', trigger: 'alarm' } as const;

test('an ID is short and safe anywhere, the same for each delivery of an event, and another for another', () => {
  expect(incidentIdOf('cpu-high#2026')).toMatch(/^inc-[0-9a-f]{20}$/);
  expect(incidentIdOf('cpu-high#2026')).toBe(incidentIdOf('cpu-high#2026'));
  expect(incidentIdOf('cpu-high#2027')).not.toBe(incidentIdOf('cpu-high#2026'));
  // Records of earlier releases are found by it.
  expect(incidentIdOf('')).toBe('inc-e3b0c44298fc1c149afb');
});

test('an incident begins now, in the mode of the stage, and is no drill unless it says so', () => {
  expect(newIncident('key', begun, now, { MODE: 'observe' })).toEqual({
    ...begun,
    incidentId: incidentIdOf('key'),
    drill: false,
    mode: 'observe',
    openedAt: '2026-11-24T02:00:00.123Z',
  });
  expect(newIncident('key', { ...begun, drill: true }, now, { MODE: 'act' })).toMatchObject({
    drill: true,
    mode: 'act',
  });
});
