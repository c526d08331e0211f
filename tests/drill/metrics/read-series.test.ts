import { parseSeries, readSeries } from '../../../drill/metrics/read-series';

const head = 'timestamp,value\n';
const parse = (rows: string) => parseSeries(head + rows, 'cpu.csv');

test('times are UTC unless they say otherwise', () => {
  const { points } = parse('2026-01-01 00:00:00,1\n2026-01-01T01:05:00+01:00,2\n');

  expect(points.map(({ timestamp }) => timestamp.toISOString())).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:05:00.000Z',
  ]);
});

test('an empty value and NaN are missing data points', () => {
  const { points } = parse(
    '2026-01-01 00:00:00,1\n2026-01-01 00:05:00,\n2026-01-01 00:10:00,NaN\n2026-01-01 00:15:00,4\n',
  );

  expect(points.map(({ value }) => value)).toEqual([1, 4]);
});

test.each([
  ['an empty file', '', 'cpu.csv:1:1: the file is empty; timestamp,value is expected'],
  ['another header', 'time,cpu\n', 'cpu.csv:1:1: the header must be timestamp,value'],
  ['no data', head, 'cpu.csv:2:1: there is no data point'],
  [
    'a value that is no number',
    `${head}2026-01-01 00:00:00,1\n2026-01-01 00:05:00,high\n`,
    'cpu.csv:3:2: "high" is no number',
  ],
  ['a time that is none', `${head}yesterday,1\n`, 'cpu.csv:2:1: "yesterday" is no time'],
  ['a column too many', `${head}2026-01-01 00:00:00,1,2\n`, 'cpu.csv:2:2: two columns are expected, 3 found'],
  [
    'a time twice',
    `${head}2026-01-01 00:00:00,1\n2026-01-01 00:00:00,2\n`,
    'cpu.csv:3:1: the same time stands twice (2026-01-01T00:00:00.000Z)',
  ],
  [
    'times that fall',
    `${head}2026-01-01 00:05:00,1\n2026-01-01 00:00:00,2\n`,
    'cpu.csv:3:1: times must rise (2026-01-01T00:00:00.000Z)',
  ],
])('%s is refused with line and column', (_what, text, message) => {
  expect(() => parseSeries(text, 'cpu.csv')).toThrow(expect.objectContaining({ name: 'SeriesError', message }));
});

test('an open quote is refused with its place', () => {
  expect(() => parse('"2026-01-01 00:00:00,1\n')).toThrow(/^cpu\.csv:\d+:\d+: /);
});

test('a file that is not there is named', async () => {
  await expect(readSeries('/nowhere/cpu.csv')).rejects.toMatchObject({
    name: 'SeriesError',
    message: expect.stringContaining('/nowhere/cpu.csv'),
  });
});
