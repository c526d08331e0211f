import { inOrder } from '../../../drill/series/in-order';
import { SeriesError } from '../../../drill/series/model';
import { parseSeries, readSeries } from '../../../drill/series/read';

const head = 'timestamp,value\n';
/** The data points of the only column, by rising time, without those that are missing. */
function pointsOf(text: string) {
  const [column] = parseSeries(text, 'cpu.csv').columns;
  const { times, values } = inOrder(column!.times, column!.values);
  return times.flatMap((at, i) => (Number.isFinite(values[i]) ? [[new Date(at).toISOString(), values[i]]] : []));
}

test('times are UTC unless they say otherwise', () => {
  const points = pointsOf(`${head}2014-02-14 14:30:00,0.5\n2014-02-14T14:35:00Z,1\n2014-02-14T16:40:00+02:00,2\n`);

  expect(points.map(([at]) => at)).toEqual([
    '2014-02-14T14:30:00.000Z',
    '2014-02-14T14:35:00.000Z',
    '2014-02-14T14:40:00.000Z',
  ]);
});

test.each(['', 'NaN', 'null', 'NULL', 'n/a', ' '])('a value %j is a data point that is missing', (missing) => {
  const points = pointsOf(`${head}2014-02-14 14:30:00,${missing}\n2014-02-14 14:40:00,3\n`);

  expect(points.map(([, value]) => value)).toEqual([3]);
});

test('a byte order mark, line ends of every kind, empty lines and lines of commas are no trouble', () => {
  const points = pointsOf(
    `\uFEFF${head.trim()}\r\n2014-02-14 14:30:00,1\r\n\r\n2014-02-14 14:35:00,2\n2014-02-14 14:40:00,3\r,\r\n`,
  );

  expect(points).toHaveLength(3);
});

test('a capital Timestamp and rows in any order are read; of a time that stands twice the last row counts', () => {
  const points = pointsOf('Timestamp,value\n2014-02-14 14:35:00,2\n2014-02-14 14:30:00,1\n2014-02-14 14:35:00,4\n');

  expect(points).toEqual([
    ['2014-02-14T14:30:00.000Z', 1],
    ['2014-02-14T14:35:00.000Z', 4],
  ]);
});

const consoleCsv = `Id,m1,m2
StatusCode,Complete,Complete
Messages,,
Full label,i-0a1b2c3d4e5f60718 CPUUtilization,i-0a1b2c3d4e5f60719 CPUUtilization
Label,web-1,web-2
2026/02/01 00:00:00,20,
2026/02/01 00:05:00,21,31
`;

test('the layout of the console is read, with a column for each metric, known by its labels and its id', () => {
  const { form, columns, remarks, written } = parseSeries(consoleCsv, 'cpu.csv');

  expect(form).toBe('console');
  expect(columns).toMatchObject([
    {
      label: 'web-1',
      otherNames: ['i-0a1b2c3d4e5f60718 CPUUtilization', 'm1'],
      metric: 'CPUUtilization',
      instanceId: 'i-0a1b2c3d4e5f60718',
      times: [Date.UTC(2026, 1, 1), Date.UTC(2026, 1, 1, 0, 5)],
      values: [20, 21],
    },
    { label: 'web-2', instanceId: 'i-0a1b2c3d4e5f60719', values: [Number.NaN, 31] },
  ]);
  expect(remarks).toEqual(['times are read as UTC; the console uses the time zone of its settings']);
  expect(written?.rows[1]).toEqual(['2026/02/01 00:05:00', '21', '31']);
});

test.each([
  ['an export that was cut', /^the export was cut \(PartialData\): export it again/, 'StatusCode,PartialData,Complete'],
  ['a message of CloudWatch', /^CloudWatch says: Some data was left out/, 'Messages,Some data was left out,'],
])('%s is said', (_title, remark, row) => {
  const rows = consoleCsv.split('\n');
  const at = rows.findIndex((one) => one.startsWith(row.split(',')[0]!));

  expect(parseSeries(rows.with(at, row).join('\n'), 'cpu.csv').remarks).toContainEqual(expect.stringMatching(remark));
});

test.each<[string, string, string | RegExp]>([
  ['an empty file', '', 'cpu.csv:1:1: the file is empty'],
  [
    'no header',
    '2014-02-14 14:30:00,1\n',
    'cpu.csv:1:1: expected a header that starts with timestamp, found "2014-02-14 14:30:00". Series are read from CSV',
  ],
  ['another header', 'time,value\n', 'cpu.csv:1:1: expected a header that starts with timestamp, found "time"'],
  ['times alone', 'timestamp\n2014-02-14 14:30:00\n', 'cpu.csv:1:1: there is no column of values'],
  ['a header and nothing else', head, 'cpu.csv:1:1: there are no data points below the header'],
  ['the head of the console alone', 'Id,m1\nLabel,CPU\n', 'cpu.csv:2:1: there are no data points below the header'],
  [
    'a value that is no number',
    `${head}2014-02-14 14:30:00,1\n2014-02-14 14:35:00,high\n`,
    'cpu.csv:3:2: value: "high" is not a number',
  ],
  ['an infinite value', `${head}2014-02-14 14:30:00,Infinity\n`, 'cpu.csv:2:2: value: "Infinity" is not a number'],
  ['a hexadecimal value', `${head}2014-02-14 14:30:00,0x10\n`, 'cpu.csv:2:2: value: "0x10" is not a number'],
  ['thousands with a comma', `${head}2014-02-14 14:30:00,"1,200"\n`, 'cpu.csv:2:2: value: "1,200" is not a number'],
  ['a time that is none', `${head}yesterday,1\n`, 'cpu.csv:2:1: timestamp "yesterday" is not a time like'],
  ['the number of a row', `${head}1,20.5\n`, 'cpu.csv:2:1: timestamp "1" is neither seconds nor milliseconds'],
  ['a day that is none', `${head}2026-02-31 10:00:00,1\n`, 'cpu.csv:2:1: timestamp "2026-02-31 10:00:00" is not a day'],
  ['a column too many', `${head}2014-02-14 14:30:00,1,2\n`, 'cpu.csv:2:2: expected 2 columns, found 3'],
  ['a column too few', `${head}2014-02-14 14:30:00\n`, 'cpu.csv:2:1: expected 2 columns, found 1'],
  ['a quote that never ends', `${head}"2014-02-14 14:30:00,1\n`, /^cpu\.csv:\d+:\d+: a quotation mark is opened/],
  ['a quote in a cell', `${head}2014-02-14 14:30:00,1"2"\n`, /^cpu\.csv:2:\d+: a quotation mark stands within/],
  [
    'semicolons',
    'timestamp;value\n2014-02-14;1\n',
    'cpu.csv:1:1: has its columns between semicolons. Save it with commas',
  ],
  ['tabs', 'timestamp\tvalue\n2014-02-14\t1\n', 'cpu.csv:1:1: has its columns between tabs. Save it with commas'],
  [
    'data that CloudWatch did not give',
    consoleCsv.replace('Complete,Complete', 'Complete,Forbidden'),
    'cpu.csv:2:3: CloudWatch did not return the data (Forbidden)',
  ],
  [
    'a row of the console that is not known',
    consoleCsv.replace('Messages', 'Mood'),
    'cpu.csv:3:1: timestamp "Mood" is not a time',
  ],
  [
    'more than 15 months',
    `${head}2024-01-01 00:00:00,1\n2026-01-01 00:00:00,2\n`,
    'cpu.csv:3:2: the data points span 2024-01-01 to 2026-01-01, more than the 15 months that CloudWatch keeps. Cut',
  ],
])('%s: file, line and column are named', (_title, text, message) => {
  expect(() => parseSeries(text, 'cpu.csv')).toThrow(SeriesError);
  expect(() => parseSeries(text, 'cpu.csv')).toThrow(message);
});

test('15 months of hours, and 63 days of five minutes, are read', () => {
  const series = (count: number, stepMs: number) =>
    head + Array.from({ length: count }, (_, i) => `${Date.UTC(2025, 0, 1) + i * stepMs},1`).join('\n');

  expect(parseSeries(series(455 * 24, 3_600_000), 'cpu.csv').columns[0]!.times).toHaveLength(10_920);
  expect(parseSeries(series(63 * 288, 300_000), 'cpu.csv').columns[0]!.times).toHaveLength(18_144);
});

test('control characters of a hostile file do not reach the terminal', () => {
  expect(() => parseSeries(`${head}\u001b[31mred,1\n`, 'cpu.csv')).toThrow('"\\u001b[31mred" is not a time');
});

test('a file that is not there is an input error that names it', async () => {
  await expect(readSeries('no-such.csv')).rejects.toThrow(/^no-such\.csv:1: cannot be read \(ENOENT\)/);
  await expect(readSeries('no-such.csv')).rejects.toThrow(SeriesError);
});
