import { didYouMean } from '../../../drill/input/did-you-mean';
import { chooseSeries } from '../../../drill/series/choose';
import { type MetricNaming, withNaming } from '../../../drill/series/metric-naming';
import { nameSeries } from '../../../drill/series/naming';
import { parseSeries } from '../../../drill/series/read';
import { metricNames } from '../../../functions/anomaly/metrics';

const naming = (...texts: string[]) =>
  texts.reduce<MetricNaming | undefined>((before, text) => withNaming(text, before), undefined) ??
  ({ usual: 'CPUUtilization', isGiven: false, byName: new Map() } satisfies MetricNaming);
const csv = (header: string, row = '20') =>
  parseSeries(`timestamp,${header}\n2026-02-01T00:00:00Z,${row}\n`, 'metrics/web.csv');
const metricsOf = (header: string, ...texts: string[]) =>
  nameSeries(csv(header, header.replace(/[^,]+/g, '20')), naming(...texts)).map(({ metric }) => metric);

test.each<[string, string[], string[]]>([
  ['value', [], ['CPUUtilization']],
  ['value', ['NetworkIn'], ['NetworkIn']],
  ['value', ['web.csv=NetworkIn'], ['NetworkIn']],
  ['value', ['web=NetworkIn'], ['NetworkIn']],
  ['load', ['NetworkIn'], ['NetworkIn']],
  ['load', [], ['load']],
  ['NetworkIn', [], ['NetworkIn']],
  ['a,b', ['a=NetworkIn', 'b=NetworkOut'], ['NetworkIn', 'NetworkOut']],
  ['CPUUtilization,b', [], ['CPUUtilization', 'b']],
  ['i-0a1b2c3d,i-0a1b2c3e', [], ['CPUUtilization', 'CPUUtilization']],
  ['a=b', ['a=b=NetworkIn'], ['NetworkIn']],
])('columns %s with --metric %j are %j', (header, texts, expected) => {
  expect(metricsOf(header, ...texts)).toEqual(expected);
});

test('a file that says what it is, is not taken for something else', () => {
  expect(() => metricsOf('NetworkIn', 'CPUUtilization')).toThrow(
    'metrics/web.csv:1:2: the file says that it is NetworkIn, and --metric says CPUUtilization. If it is, name this column: --metric "NetworkIn=CPUUtilization"',
  );
  expect(metricsOf('NetworkIn', 'NetworkIn=CPUUtilization')).toEqual(['CPUUtilization']);
});

test.each([
  ['CPUUtilization', '142', '142 cannot be CPUUtilization, which lies between 0 and 100. If "value" is another metric'],
  ['CPUUtilization', '-1', '-1 cannot be CPUUtilization'],
  ['NetworkIn', '-1', '-1 cannot be NetworkIn, which is never below 0'],
  ['StatusCheckFailed', '97', '97 cannot be StatusCheckFailed'],
])('%s of %s is refused at its line', (metric, value, message) => {
  expect(() => nameSeries(csv('value', value), naming(metric))).toThrow(`metrics/web.csv:2:2: ${message}`);
});

test('what CloudWatch rounds up to a little above 100 percent is CPU', () => {
  expect(nameSeries(csv('value', '100.3'), naming())[0]!.values).toEqual([100.3]);
});

describe('a drill takes one instance', () => {
  test('and all of its metrics, or the one that is asked for', () => {
    const both = csv('CPUUtilization,NetworkIn', '20,5');

    expect(chooseSeries(both, naming()).series).toHaveLength(2);
    expect(chooseSeries(both, naming('NetworkIn')).series.map(({ metric }) => metric)).toEqual(['NetworkIn']);
    expect(chooseSeries(both, naming('NetworkIn')).remarks).toEqual([
      '1 of 2 series were left out: --metric chose the others',
    ]);
  });

  test.each([
    [
      'of a fleet',
      'i-0a1b2c3d,i-0a1b2c3e',
      [],
      /:3: has 2 instances, and a drill has one\. Choose one: --metric "i-0a1b2c3e=/,
    ],
    [
      'that is not there',
      'CPUUtilization,b',
      ['NetworkOut'],
      /none of the columns is NetworkOut: "CPUUtilization", "b"/,
    ],
    ['that is there twice', 'value,CPUUtilization', [], /there are two columns for CPUUtilization\. Choose one/],
  ])('a metric %s is refused, with how to choose', (_title, header, texts, message) => {
    expect(() => chooseSeries(csv(header, '1,2'), naming(...texts))).toThrow(message);
  });

  test('one of a fleet that is named', () => {
    const { series } = chooseSeries(csv('i-0a1b2c3d,i-0a1b2c3e', '1,2'), naming('i-0a1b2c3e=CPUUtilization'));

    expect(series).toMatchObject([{ metric: 'CPUUtilization', instanceId: 'i-0a1b2c3e', values: [2] }]);
  });
});

test.each([
  ['cpuutilization', ' Did you mean CPUUtilization?'],
  ['CPUUtilisation', ' Did you mean CPUUtilization?'],
  ['NetworkInn', ' Did you mean NetworkIn?'],
  ['load', ''],
])('of %s it is said:%s', (name, expected) => {
  expect(didYouMean(name, metricNames)).toBe(expected);
});
