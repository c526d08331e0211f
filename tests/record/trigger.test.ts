import { newIncidentSchema } from '../../functions/record/incident';

test('an incident that still carries the former name of a manual start is read as manual', () => {
  const { trigger } = newIncidentSchema.shape;

  expect(trigger.parse('by-hand')).toBe('manual');
  expect(trigger.parse('schedule')).toBe('schedule');
  expect(trigger.safeParse('by-magic').success).toBe(false);
});
