import { readdir, readFile } from 'node:fs/promises';
import { packageStage } from '../../drill/packaging/package-stage';
import { captureLogs } from '../../drill/stack/log-capture';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import { catalogue, type MetricName, namespace, outcomeMetric } from '../../functions/record/metrics/catalogue';
import { emit } from '../../functions/record/metrics/emit';
import { outcomes } from '../../functions/record/outcomes';

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title: string; region?: string; metrics?: unknown[][]; alarms?: string[] };
}

/** Metrics that AWS itself gives, as far as the dashboard uses them, with their dimensions. Source: each service's guide. */
const given: Record<string, string[]> = {
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName'],
  'AWS/States ExecutionsStarted': ['StateMachineArn'],
  'AWS/States ExecutionsFailed': ['StateMachineArn'],
  'AWS/States ExecutionsTimedOut': ['StateMachineArn'],
  'AWS/Lambda Duration': ['FunctionName'],
  'AWS/Lambda Invocations': ['FunctionName'],
};

let widgets: Widget[];
let alarms: { Namespace: string; MetricName: string; Dimensions: { Name: string }[] }[];
let alarmArns: string[];

beforeAll(async () => {
  const resources = [...resolveTemplate(await packageStage('dev'), { account, region, stackName: 'test' }).values()];
  const body = resources.find(({ type }) => type === 'AWS::CloudWatch::Dashboard')?.properties.DashboardBody;
  widgets = JSON.parse(String(body)).widgets;
  alarmArns = resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ arn }) => arn);
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

/** The metrics that an expression searches for: `{namespace,dimension,…} MetricName="…"`. */
function searchedFor(metrics: unknown[][]): { space: string; name: string; dimensions: string[] }[] {
  return [
    ...JSON.stringify(metrics)
      .replaceAll('\\"', '"')
      .matchAll(/SEARCH\('\{([^}]+)\} MetricName="(\w+)"/g),
  ].map(([, schema = '', name = '']) => {
    const [space = '', ...dimensions] = schema.split(',');
    return { space, name, dimensions };
  });
}

const allMetrics = () => widgets.map(({ properties }) => properties.metrics ?? []);

test('every metric of the dashboard is one that the code emits, or that AWS gives, with its dimensions', () => {
  const named = allMetrics().flatMap(spelledOut);
  const wrong = named.filter(([space, name = '', ...dimensions]) => {
    const names = dimensions.filter((_, index) => index % 2 === 0);
    const expected = space === namespace ? catalogue.get(name)?.dimensions : given[`${space} ${name}`];
    return JSON.stringify(expected) !== JSON.stringify(names);
  });

  expect(named.length).toBeGreaterThan(15);
  expect(wrong).toEqual([]);
});

test('every metric that the dashboard searches for is one that the code emits, or that AWS gives', () => {
  const searched = allMetrics().flatMap(searchedFor);
  const wrong = searched.filter(({ space, name, dimensions }) => {
    const expected = space === namespace ? catalogue.get(name)?.dimensions : given[`${space} ${name}`];
    return JSON.stringify(expected?.toSorted()) !== JSON.stringify(dimensions.toSorted());
  });

  expect(searched.length).toBeGreaterThan(15);
  expect(wrong).toEqual([]);
});

test('the catalogue is what the code writes: each metric, with its unit and its dimensions', () => {
  const { lines: written, release } = captureLogs();
  for (const [name, { dimensions }] of catalogue) {
    const playbook = dimensions.includes('Playbook') ? { playbook: 'restart-instance' } : {};
    emit([{ name: name as MetricName, value: 1, ...playbook }], 'dev');
  }
  release();
  const seen = written.map((line) => JSON.parse(line)._aws.CloudWatchMetrics[0]);

  expect(
    seen.map(({ Namespace, Dimensions, Metrics: [{ Name, Unit }] }) => [Namespace, Name, Unit, ...Dimensions[0]]),
  ).toEqual([...catalogue].map(([name, { unit, dimensions }]) => [namespace, name, unit, ...dimensions]));
});

test('and no metric stands in the catalogue that no code emits', async () => {
  const files = (await readdir('functions', { recursive: true })).filter((file) => /(?<!catalogue)\.ts$/.test(file));
  const sources = await Promise.all(files.map((file) => readFile(`functions/${file}`, 'utf8')));
  const outcomeNames = new Set<string>(outcomes.map(outcomeMetric));
  const unused = [...catalogue.keys()].filter(
    (name) => !outcomeNames.has(name) && !sources.some((text) => new RegExp(`(name: |point\\()'${name}'`).test(text)),
  );

  expect(unused).toEqual([]);
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
  expect(widgets.filter(({ type }) => type === 'metric').every(({ properties }) => properties.region === region)).toBe(
    true,
  );
});

test('the alarms that it lists are alarms of the stack', () => {
  const listed = widgets.flatMap(({ properties }) => properties.alarms ?? []);

  expect(listed.length).toBeGreaterThan(5);
  expect(alarmArns).toEqual(expect.arrayContaining(listed));
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
