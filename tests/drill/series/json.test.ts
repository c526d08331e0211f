import { SeriesError } from '../../../drill/series/model';
import { parseSeries } from '../../../drill/series/read';

const start = Date.UTC(2026, 1, 1);
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
const read = (value: unknown) => parseSeries(JSON.stringify(value, null, 1), 'm.json');

const result = (change: object = {}) => ({
  Id: 'm1',
  Label: 'i-0a1b2c3d4e5f60718 CPUUtilization',
  Timestamps: [at(10), at(5), at(0)],
  Values: [22, 21, 20],
  StatusCode: 'Complete',
  ...change,
});

describe('get-metric-data', () => {
  test('each result is a series, known by its label, its id and what the label names', () => {
    const { form, columns, remarks } = read({
      MetricDataResults: [result(), result({ Id: 'm2', Label: 'i-0a1b2c3d4e5f60718 NetworkIn', Values: [1, null, 3] })],
      Messages: [],
    });

    expect(form).toBe('metric-data');
    expect(columns).toMatchObject([
      {
        otherNames: ['m1'],
        metric: 'CPUUtilization',
        instanceId: 'i-0a1b2c3d4e5f60718',
        times: [start + 600_000, start + 300_000, start],
        values: [22, 21, 20],
      },
      { metric: 'NetworkIn', values: [1, Number.NaN, 3] },
    ]);
    expect(remarks).toEqual([]);
  });

  test('pages of one answer are one series', () => {
    const { columns } = read({ MetricDataResults: [result(), result({ Timestamps: [at(15)], Values: [23] })] });

    expect(columns).toHaveLength(1);
    expect(columns[0]!.values).toEqual([22, 21, 20, 23]);
  });

  test.each([
    ['that there is more', { MetricDataResults: [result()], NextToken: 'abc' }, /cut \(NextToken\): export it again/],
    ['that it is a part', { MetricDataResults: [result({ StatusCode: 'PartialData' })] }, /cut \(PartialData\)/],
    [
      'what CloudWatch says',
      { MetricDataResults: [result()], Messages: [{ Code: 'ArithmeticError', Value: 'One point was left out.' }] },
      /CloudWatch says: ArithmeticError: One point was left out\./,
    ],
  ])('says %s', (_title, answer, remark) => {
    expect(read(answer).remarks).toEqual([expect.stringMatching(remark)]);
  });
});

describe('get-metric-statistics', () => {
  const answer = (points: object[], Label = 'CPUUtilization') => ({ Label, Datapoints: points });

  test('data points in any order are read, and the label says which metric they are', () => {
    const { form, columns } = read(
      answer([
        { Timestamp: at(5), Average: 21 },
        { Timestamp: at(0), Average: 20 },
      ]),
    );

    expect(form).toBe('metric-statistics');
    expect(columns).toMatchObject([{ metric: 'CPUUtilization', times: [start + 300_000, start], values: [21, 20] }]);
  });

  test('of several statistics that of the metric is taken', () => {
    const both = [{ Timestamp: at(0), Average: 20, Sum: 100, Unit: 'Bytes' }];

    expect(read(answer(both)).columns[0]!.values).toEqual([20]);
    expect(read(answer(both, 'NetworkIn')).columns[0]!.values).toEqual([100]);
  });

  test.each([
    ['Maximum', { Maximum: 90 }, 90],
    ['p99', { ExtendedStatistics: { p99: 88 } }, 88],
  ])('%s alone is taken, and said', (name, statistic, value) => {
    const { columns, remarks } = read(answer([{ Timestamp: at(0), ...statistic }]));

    expect(columns[0]!.values).toEqual([value]);
    expect(remarks).toEqual([`has ${name}; Average is usual`]);
  });
});

describe('a metric stream', () => {
  const point = (change: object = {}) => ({
    metric_stream_name: 's',
    account_id: '123456789012',
    region: 'us-east-1',
    namespace: 'AWS/EC2',
    metric_name: 'CPUUtilization',
    dimensions: { InstanceId: 'i-0a1b2c3d4e5f60718' },
    timestamp: start,
    value: { max: 40, min: 10, sum: 100, count: 4 },
    unit: 'Percent',
    ...change,
  });
  const stream = (...points: object[]) => `${points.map((one) => JSON.stringify(one)).join('\n')}\n`;

  test('each metric of each instance is a series, with the statistic that is usual for it', () => {
    const { form, columns } = parseSeries(
      stream(
        point(),
        point({ metric_name: 'NetworkIn' }),
        point({ timestamp: start + 60_000, value: { max: 0, min: 0, sum: 0, count: 0 } }),
        point({ dimensions: { InstanceId: 'i-0a1b2c3d4e5f60719' } }),
      ),
      's.json',
    );

    expect(form).toBe('metric-stream');
    expect(columns).toMatchObject([
      { label: 'i-0a1b2c3d4e5f60718 CPUUtilization', times: [start, start + 60_000], values: [25, Number.NaN] },
      { label: 'i-0a1b2c3d4e5f60718 NetworkIn', metric: 'NetworkIn', values: [100] },
      { instanceId: 'i-0a1b2c3d4e5f60719' },
    ]);
  });

  test('a metric that is of no single instance keeps its namespace and dimensions, and is of no known metric', () => {
    const { columns } = parseSeries(
      stream(point({ dimensions: {} }), point({ dimensions: { AutoScalingGroupName: 'web' } })),
      's.json',
    );

    expect(columns.map(({ label, metric }) => [label, metric])).toEqual([
      ['AWS/EC2 CPUUtilization', undefined],
      ['AWS/EC2 CPUUtilization AutoScalingGroupName=web', undefined],
    ]);
  });

  test.each([
    ['a line that was cut', stream(point()) + stream(point()).slice(0, 100), /^s\.json:2:\d+: the document ends here/],
    [
      'a value without its count',
      stream(point(), point({ value: { max: 1, min: 1, sum: 1 } })),
      /^s\.json:2:\d+: value\.count: is missing/,
    ],
    [
      'a time in text that is none',
      stream(point({ timestamp: 'soon' })),
      /^s\.json:1:\d+: timestamp: "soon" is not a time/,
    ],
  ])('%s is refused at its line', (_title, text, message) => {
    expect(() => parseSeries(text, 's.json')).toThrow(message);
  });
});

test.each<[string, string, RegExp]>([
  [
    'a document that was cut',
    JSON.stringify({ MetricDataResults: [result()] }, null, 1).slice(0, -20),
    /^m\.json:\d+:\d+: the document ends here but is not complete: the export was cut/,
  ],
  ['no JSON', '{"MetricDataResults": nothing}', /^m\.json:1:\d+: this is not valid JSON/],
  ['JSON of another form', '{"a": 1}', /^m\.json:1:1: is JSON in another format\. Series are read from/],
  ['a history', '{"events": []}', /^m\.json:1:1: is an execution history of Step Functions\. Pass it to --history/],
  ['a scan of a table', '{"Items": []}', /is a scan of a DynamoDB table\. Pass it to npm run review/],
  [
    'a stream on several lines',
    '{\n "metric_name": "CPUUtilization"\n}',
    /not with one object per line\. Convert it: jq -c \. FILE/,
  ],
  ['a list of a stream', '[{"metric_name": "CPUUtilization"}]', /jq -c '\.\[\]' FILE/],
  ['nothing', '{"MetricDataResults": []}', /^m\.json:1:1: has no data points\. Check the metric/],
  [
    'more times than values',
    JSON.stringify({ MetricDataResults: [result({ Values: [1] })] }, null, 1),
    /^m\.json:\d+:\d+: MetricDataResults\[0\]\.Values: has 3 timestamps and 1 values/,
  ],
  [
    'a value in text',
    JSON.stringify({ MetricDataResults: [result({ Values: [1, '2', 3] })] }, null, 1),
    /^m\.json:13:\d+: MetricDataResults\[0\]\.Values\[1\]: "2" is not a number/,
  ],
  [
    'a day that is none',
    JSON.stringify({ Datapoints: [{ Timestamp: '2026-02-31T00:00:00Z', Average: 1 }] }, null, 1),
    /^m\.json:4:\d+: Datapoints\[0\]\.Timestamp: "2026-02-31T00:00:00Z" is not a day in the calendar/,
  ],
  ['a data point without a time', '{"Datapoints": [{"Average": 1}]}', /Datapoints\[0\]\.Timestamp: is missing/],
  ['a data point without a statistic', '{"Datapoints": [{"Timestamp": 1}]}', /Datapoints\[0\]: has no statistic/],
  [
    'statistics of which none is usual',
    JSON.stringify({ Datapoints: [{ Timestamp: at(0), Minimum: 1, Maximum: 2 }] }),
    /has Maximum, Minimum, but not Average\. Export it with --statistics Average/,
  ],
  [
    'data that CloudWatch did not give',
    JSON.stringify({ MetricDataResults: [result({ StatusCode: 'InternalError' })] }),
    /CloudWatch did not return the data \(InternalError\)/,
  ],
  [
    'brackets by the ten thousand',
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    /^m\.json:1:1: is JSON in another format/,
  ],
])('%s is refused, with its place', (_title, text, message) => {
  expect(() => parseSeries(text, 'm.json')).toThrow(SeriesError);
  expect(() => parseSeries(text, 'm.json')).toThrow(message);
});
