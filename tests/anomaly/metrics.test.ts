import { formatDistance, formatValue, kindOf, namesJudgedBy } from '../../functions/anomaly/metrics';

test.each([
  [97, 'CPUUtilization', '97 %'],
  [8.944, 'CPUUtilization', '8.94 %'],
  [0, 'CPUUtilization', '0 %'],
  [0.5, 'NetworkIn', '0.5 B'],
  [0, 'NetworkIn', '0 B'],
  [1, 'NetworkIn', '1 B'],
  [999, 'NetworkIn', '999 B'],
  [1000, 'NetworkIn', '1 kB'],
  [-2_500_000, 'NetworkIn', '-2.5 MB'],
  [1.234e9, 'NetworkOut', '1.23 GB'],
  [3e12, 'NetworkOut', '3 TB'],
  [5e15, 'NetworkOut', '5000 TB'],
  [38.4, 'NetworkPacketsIn', '38.4'],
  [999.4, 'NetworkPacketsIn', '999'],
  [1000.4, 'NetworkPacketsIn', '1000'],
  [0.012345, 'NetworkPacketsIn', '0.0123'],
  [1e-20, 'NetworkPacketsIn', '0'],
  [61, 'disk_used_percent of /', '61 %'],
  [2048, 'procstat_memory_rss of nginx', '2.05 kB'],
  [61, 'QueueDepth', '61'],
])('%d of %s reads %s', (value, metric, words) => {
  expect(formatValue(value, metric)).toBe(words);
});

test.each([
  [1, 'CPUUtilization', '1 point'],
  [8.944, 'CPUUtilization', '8.94 points'],
  [2000, 'NetworkIn', '2 kB'],
  [61, 'QueueDepth', '61'],
])('a distance of %d between two values of %s reads %s', (distance, metric, words) => {
  expect(formatDistance(distance, metric)).toBe(words);
});

test('a metric of the agent is known by its name and by its label, and no property of every object is one', () => {
  expect(kindOf('disk_used_percent of /')).toBe(kindOf('disk_used_percent'));
  expect(kindOf('constructor')).toBeUndefined();
  expect(kindOf('')).toBeUndefined();
});

test('status checks are judged by a rule, everything else by its score', () => {
  expect(namesJudgedBy('rule')).toEqual([
    'StatusCheckFailed',
    'StatusCheckFailed_Instance',
    'StatusCheckFailed_System',
    'StatusCheckFailed_AttachedEBS',
  ]);
  expect(namesJudgedBy('score')).toContain('CPUUtilization');
  expect(namesJudgedBy('score')).toHaveLength(9);
});
