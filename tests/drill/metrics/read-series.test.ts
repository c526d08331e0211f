import { parseSeries, readSeries, SeriesError } from '../../../drill/metrics/read-series';

const head = 'timestamp,value\n';

test('times are UTC unless they say otherwise', () => {
  const { points } = parseSeries(
    `${head}2014-02-14 14:30:00,0.5\n2014-02-14T14:35:00Z,1\n2014-02-14T16:40:00+02:00,2\n`,
    'cpu.csv',
  );

  expect(points.map(({ timestamp }) => timestamp.toISOString())).toEqual([
    '2014-02-14T14:30:00.000Z',
    '2014-02-14T14:35:00.000Z',
    '2014-02-14T14:40:00.000Z',
  ]);
});

test('a value that is empty or NaN is a data point that is missing', () => {
  const { points } = parseSeries(
    `${head}2014-02-14 14:30:00,\n2014-02-14 14:35:00,NaN\n2014-02-14 14:40:00,3\n`,
    'cpu.csv',
  );

  expect(points.map(({ value }) => value)).toEqual([3]);
});

test('a byte order mark, Windows line ends and empty lines are no trouble', () => {
  const { points } = parseSeries(
    `\uFEFF${head.trim()}\r\n2014-02-14 14:30:00,1\r\n\r\n2014-02-14 14:35:00,2\r\n`,
    'cpu.csv',
  );

  expect(points).toHaveLength(2);
});

test.each([
  ['an empty file', '', 'cpu.csv:1:1: the file is empty'],
  ['no header', '2014-02-14 14:30:00,1\n', 'cpu.csv:1:1: the header must be timestamp,value'],
  ['a header and nothing else', head, 'cpu.csv:2:1: there is no data point'],
  [
    'a value that is no number',
    `${head}2014-02-14 14:30:00,1\n2014-02-14 14:35:00,high\n`,
    'cpu.csv:3:2: "high" is no number',
  ],
  ['an infinite value', `${head}2014-02-14 14:30:00,Infinity\n`, 'cpu.csv:2:2: "Infinity" is no number'],
  ['a time that is none', `${head}yesterday,1\n`, 'cpu.csv:2:1: "yesterday" is no time'],
  ['a time twice', `${head}2014-02-14 14:30:00,1\n2014-02-14 14:30:00,2\n`, 'cpu.csv:3:1: the same time stands twice'],
  ['times that fall', `${head}2014-02-14 14:30:00,1\n2014-02-14 14:25:00,2\n`, 'cpu.csv:3:1: times must rise'],
  ['a column too many', `${head}2014-02-14 14:30:00,1,2\n`, 'cpu.csv:2:2: two columns are expected, 3 found'],
  ['a column too few', `${head}2014-02-14 14:30:00\n`, 'cpu.csv:2:2: two columns are expected, 1 found'],
  ['a quote that never ends', `${head}"2014-02-14 14:30:00,1\n`, /^cpu\.csv:\d+:\d+: /],
])('%s: file, line and column are named', (_title, text, message) => {
  expect(() => parseSeries(text, 'cpu.csv')).toThrow(SeriesError);
  expect(() => parseSeries(text, 'cpu.csv')).toThrow(message);
});

test('control characters of a hostile file do not reach the terminal', () => {
  expect(() => parseSeries(`${head}\u001b[31mred,1\n`, 'cpu.csv')).toThrow('"\\u001b[31mred" is no time');
});

test('a file that is not there is an input error that names it', async () => {
  await expect(readSeries('no-such.csv')).rejects.toThrow(/^no-such\.csv: ENOENT/);
  await expect(readSeries('no-such.csv')).rejects.toThrow(SeriesError);
});
