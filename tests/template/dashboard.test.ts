import { packageStage } from '../../drill/packaging/package-stage';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import { catalogue, namespace } from '../../functions/metrics/catalogue';

jest.setTimeout(300_000);

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title: string; region: string; metrics: unknown[][] };
}

/** Metrics that AWS itself gives, as far as the dashboard uses them, with their dimensions. Source: each service's guide. */
const given: Record<string, string[]> = {
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName'],
  'AWS/States ExecutionsStarted': ['StateMachineArn'],
  'AWS/States ExecutionsFailed': ['StateMachineArn'],
  'AWS/States ExecutionsTimedOut': ['StateMachineArn'],
};

let widgets: Widget[];
let alarms: { Namespace: string; MetricName: string; Dimensions: { Name: string }[] }[];

beforeAll(async () => {
  const resources = [...resolveTemplate(await packageStage('dev'), { account, region, stackName: 'test' }).values()];
  const body = resources.find(({ type }) => type === 'AWS::CloudWatch::Dashboard')?.properties.DashboardBody;
  widgets = JSON.parse(String(body)).widgets;
  alarms = resources
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties as unknown as (typeof alarms)[number]);
});

/** A metric of a widget with `.` and `...` written out (CloudWatch user guide, "Dashboard body structure and syntax"). */
function spelledOut(metrics: unknown[][]): string[][] {
  let before: string[] = [];
  return metrics.flatMap((metric) => {
    const words = metric.filter((word): word is string => typeof word === 'string');
    if (words.length === 0) return [];
    const full =
      words[0] === '...'
        ? [...before.slice(0, 1 - words.length), ...words.slice(1)]
        : words.map((word, i) => (word === '.' ? before[i]! : word));
    before = full;
    return [full];
  });
}

test('every metric of the dashboard is one that the code emits, or that AWS gives, with its dimensions', () => {
  const named = widgets.flatMap(({ properties }) => spelledOut(properties.metrics));
  const wrong = named.filter(([space, name = '', ...dimensions]) => {
    const names = dimensions.filter((_, index) => index % 2 === 0);
    const expected = space === namespace ? catalogue.get(name)?.dimensions : given[`${space} ${name}`];
    return JSON.stringify(expected) !== JSON.stringify(names);
  });

  expect(named.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

test('every alarm on a metric of ours watches one that the code emits', () => {
  const ours = alarms.filter(({ Namespace }) => Namespace === namespace);

  expect(ours.length).toBeGreaterThan(0);
  for (const { MetricName, Dimensions } of ours) {
    expect(catalogue.get(MetricName)?.dimensions).toEqual(Dimensions.map(({ Name }) => Name));
  }
});

test('the widgets fit the grid, do not overlap, and know their region', () => {
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
  );

  expect(new Set(cells).size).toBe(cells.length);
  expect(widgets.every(({ x, width }) => x + width <= 24)).toBe(true);
  expect(widgets.map(({ properties }) => properties.region)).toEqual(widgets.map(() => region));
});

test('it shows incidents, outcomes, time to recover, breaker, dead letters and cost', () => {
  const text = JSON.stringify(widgets);

  for (const what of [
    'Incidents',
    'Outcomes',
    'TimeToRecover',
    'BreakerOpen',
    'ApproximateNumberOfMessagesVisible',
    'cost',
  ])
    expect(text).toContain(what);
});
