import { markMinutes, nameOfGroup, placesOf } from '../../functions/guard/places';
import { groupTag } from '../../functions/guard/tags';

const instance = { availabilityZone: 'us-east-1a', instanceType: 'm5.large', tags: {} };
const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

describe('where an instance would be missed', () => {
  test('is its zone and its type, and nowhere else unless it serves', () => {
    expect(placesOf(instance, { targetGroupArns: [] })).toEqual({ zone: 'us-east-1a', type: 'm5.large', groups: [] });
    expect(placesOf({ ...instance, availabilityZone: undefined }, { targetGroupArns: [] }).zone).toBe('unknown');
  });

  test('is each of its groups, once, in a stable order', () => {
    const tags = { [groupTag]: 'db' };

    expect(placesOf({ ...instance, tags }, { group: 'web', targetGroupArns: [arn, arn] }).groups).toEqual([
      'asg:web',
      'tag:db',
      `tg:${arn}`,
    ]);
  });

  test.each([
    ['asg:web', 'the Auto Scaling group web'],
    ['asg:web:blue', 'the Auto Scaling group web:blue'],
    [`tg:${arn}`, 'the target group web'],
    ['tg:web', 'the target group web'],
    ['tag:db', 'the group db (tag incident-playbooks:group)'],
  ])('%s is called %s', (group, name) => {
    expect(nameOfGroup(group)).toBe(name);
  });
});

test.each([
  [0, 15],
  [1, 15],
  [2, 30],
  [5, 240],
  [9, 240],
])('after %d failed starts in a row a place is marked for %d minutes', (failures, minutes) => {
  expect(markMinutes(failures)).toBe(minutes);
});
