import { marshall } from '@aws-sdk/util-dynamodb';
import { parseRecords, RecordsError } from '../../../drill/records/read';
import { recordVersion } from '../../../functions/record/record-version';
import { record } from '../../review/records';

const kept = (change: object = {}) => {
  const one = record();
  return {
    pk: `INCIDENT#${one.incidentId}`,
    sk: 'RECORD',
    recordVersion: 2,
    status: 'CLOSED',
    ...one,
    extra: { notes: [], ...one.extra },
    ...change,
  };
};
const lease = { pk: 'INSTANCE#i-0a1b2c3d', sk: 'LEASE', token: 4 };
const scan = (items: object[], more: object = {}) =>
  JSON.stringify(
    { Items: items.map((item) => marshall(item)), Count: items.length, ConsumedCapacity: null, ...more },
    null,
    1,
  );

test('a scan as the AWS CLI prints it is read: its closed incidents, and nothing else of the table', () => {
  const { records, remarks } = parseRecords(scan([kept(), lease, kept({ status: 'OPEN' }), kept()]), 'scan.json');

  expect(records).toHaveLength(2);
  expect(records[0]).toMatchObject({
    playbook: 'restart-instance',
    outcome: 'RESOLVED',
    extra: { actedAt: expect.any(String) },
  });
  expect(remarks).toEqual(['left out: 1 incident that had not ended yet']);
});

test('a scan without types, and one with null where the table has nothing, are read too', () => {
  const text = JSON.stringify({ Items: [kept({ alarm: null, instanceId: null })] });

  expect(parseRecords(text, 'scan.json').records[0]).not.toHaveProperty('instanceId');
});

test('a record of the former layout is brought to this one’s', () => {
  const { extra: _extra, ...former } = kept({ recordVersion: 1 });

  expect(parseRecords(scan([former]), 'scan.json').records).toHaveLength(1);
});

test.each([{ NextToken: 'abc' }, { LastEvaluatedKey: { pk: { S: 'x' } } }])(
  'a scan that was cut says so: %j',
  (more) => {
    expect(parseRecords(scan([kept()], more), 'scan.json').remarks).toEqual([
      expect.stringMatching(/^the scan was cut/),
    ]);
  },
);

test('times become those that records are compared by', () => {
  const { records } = parseRecords(JSON.stringify([record({ openedAt: '2026-11-02T11:00:00+01:00' })]), 'r.json');

  expect(records[0]!.openedAt).toBe('2026-11-02T10:00:00.000Z');
});

test('an empty list is one', () => {
  expect(parseRecords('[]', 'r.json').records).toEqual([]);
});

const series = {
  alarmName: 'a',
  metric: 'CPUUtilization',
  periodSeconds: 300,
  threshold: 80,
  breachesAtThreshold: true,
};
const rule = { evaluationPeriods: 3, datapointsToAlarm: 3 };
const seen = (change: object) => ({
  ...series,
  ...rule,
  times: ['2026-11-02T10:05:00Z', 1793613600],
  values: [2, 1],
  ...change,
});

test('what alarms saw is read in any order, in seconds, milliseconds and ISO 8601, with null for what is missing', () => {
  const { series: read } = parseRecords(
    JSON.stringify({ records: [record()], series: [seen({}), seen({ values: [null, 1] })] }),
    'r.json',
  );

  expect(read.map(({ times, values }) => [times, values])).toEqual([
    [
      [1793613600000, 1793613900000],
      [1, 2],
    ],
    [[1793613600000], [1]],
  ]);
});

test.each<[string, string, RegExp]>([
  ['nothing', ' ', /^r\.json:1:1: the file is empty\. Records are read from/],
  ['another document', '{"items": []}', /^r\.json:1:1: is JSON in another format\. Records are read from/],
  ['a text', '"text"', /^r\.json:1:1: is JSON in another format/],
  ['no JSON', '[\n  {"a": 1},\n  oops\n]', /^r\.json:3:\d+: this is not valid JSON/],
  ['a list that was cut', '[{"incidentId": "inc-1"', /^r\.json:1:\d+: the document ends here but is not complete/],
  ['the scan of another table', scan([lease]), /^r\.json:1:1: has no record of an incident/],
  [
    'a record that lacks a field',
    JSON.stringify([record(), { ...record(), openedAt: 5 }], null, 1),
    /^r\.json:\d\d:\d+: \[1\]\.openedAt: expected a text, found "5"$/,
  ],
  [
    'a record of a scan that lacks a field',
    scan([kept({ outcome: 'FINE' })]),
    /^r\.json:\d+:\d+: Items\[0\]\.outcome: expected RESOLVED, .*, found "FINE"$/,
  ],
  [
    'a day that is none',
    JSON.stringify([record({ closedAt: '2026-02-31T10:00:00Z' })], null, 1),
    /^r\.json:\d+:\d+: \[0\]\.closedAt: "2026-02-31T10:00:00Z" is not a day in the calendar/,
  ],
  [
    'a record of a newer release',
    scan([kept({ recordVersion: 9 })]),
    new RegExp(`recordVersion: expected a version up to ${recordVersion}, found "9"`),
  ],
  ['something else in the list', '[5]', /^r\.json:1:2: \[0\]: expected a record, found "5"/],
  [
    'types that are none',
    '{"Items": [{"sk": {"L": 5}}]}',
    /^r\.json:1:12: Items\[0\]: is not an item in the JSON of DynamoDB/,
  ],
  [
    'a series with values missing',
    JSON.stringify({ records: [], series: [seen({ values: [1] })] }),
    /series\[0\]: must have as many times as values/,
  ],
  [
    'a series with a row number for a time',
    JSON.stringify({ records: [], series: [seen({ times: [1, 2] })] }),
    /series\[0\]\.times\[0\]: "1" is neither seconds nor milliseconds/,
  ],
])('%s is refused, with its place', (_title, text, message) => {
  expect(() => parseRecords(text, 'r.json')).toThrow(RecordsError);
  expect(() => parseRecords(text, 'r.json')).toThrow(message);
});
