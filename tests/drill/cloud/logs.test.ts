import {
  CloudWatchLogsClient,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  GetQueryResultsCommand,
  PutMetricFilterCommand,
  StartQueryCommand,
  StopQueryCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { cloudOf, refusal, seconds, timed } from '../../fixtures/cloud';

const group = '/vpc/flow';
const flow = (from: string, port: number, action = 'REJECT') =>
  `2 123456789012 eni-0a1b2c3d ${from} 10.0.0.5 40000 ${port} 6 1 40 1772442000 1772442060 ${action} OK`;

function logs() {
  const { cloud, client } = cloudOf(CloudWatchLogsClient);
  cloud.logs.groups.create(group);
  const write = (message: string, at = Date.now(), delayMs = 0) =>
    cloud.logs.groups.write(group, { at, message, delayMs });
  const put = (input: object = {}) =>
    client.send(
      new PutMetricFilterCommand({
        logGroupName: group,
        filterName: 'rejects',
        filterPattern: '[..., action=REJECT, status]',
        metricTransformations: [{ metricName: 'Rejects', metricNamespace: 'Test', metricValue: '1', defaultValue: 0 }],
        ...input,
      }),
    );
  const read = (metricName = 'Rejects') => {
    const from = Math.floor(Date.now() / 60_000) * 60_000;
    const metric = { namespace: 'Test', metricName, dimensions: {} };
    const points = cloud.cloudWatch.read(metric, { from: from - 300_000, to: from, periodSeconds: 60, stat: 'Sum' });
    return points.map(({ value }) => value);
  };
  const query = (queryString: string, input: object = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return client.send(
      new StartQueryCommand({ logGroupNames: [group], startTime: now - 3600, endTime: now, queryString, ...input }),
    );
  };
  const results = (queryId: string | undefined) => client.send(new GetQueryResultsCommand({ queryId }));
  return { cloud, client, write, put, read, query, results };
}

describe('a metric filter', () => {
  it(
    'counts the lines that it matches, and its default in minutes with others only',
    timed(async () => {
      const { write, put, read } = logs();
      write(flow('203.0.113.9', 22));
      await seconds(1);
      await put();
      await seconds(59);
      write(flow('203.0.113.9', 22));
      write(flow('203.0.113.9', 23));
      await seconds(60);
      write(flow('203.0.113.9', 22, 'ACCEPT'));
      await seconds(120);
      expect(read()).toEqual([2, 0]);
    }),
  );

  it(
    'takes its value from a field',
    timed(async () => {
      const { write, put, read } = logs();
      const metricTransformations = [{ metricName: 'Bytes', metricNamespace: 'Test', metricValue: '$bytes' }];
      await put({ filterPattern: '[version=2, a, i, s, d, sp, dp, pr, packets, bytes, ...]', metricTransformations });
      write(flow('203.0.113.9', 22));
      write(flow('203.0.113.9', 23));
      await seconds(90);
      expect(read('Bytes')).toEqual([80]);
    }),
  );

  it(
    'counts a line that comes late in the minute of its own time, from when it has come',
    timed(async () => {
      const { write, put, read } = logs();
      await put();
      write(flow('203.0.113.9', 22), Date.now(), 120_000);
      await seconds(100);
      expect(read()).toEqual([]);
      await seconds(60);
      expect(read()).toEqual([1]);
    }),
  );

  it.each([
    ['a group that does not exist', { logGroupName: '/no/group' }, 'ResourceNotFoundException'],
    ['a pattern that is not understood', { filterPattern: '{ $.x EXISTS }' }, 'InvalidParameterException'],
    [
      'two transformations',
      { metricTransformations: Array(2).fill({ metricName: 'a', metricNamespace: 'b', metricValue: '1' }) },
      'InvalidParameterException',
    ],
    [
      'a dimension beside a default',
      {
        metricTransformations: [
          { metricName: 'a', metricNamespace: 'b', metricValue: '1', defaultValue: 0, dimensions: { x: '$action' } },
        ],
      },
      'InvalidParameterException',
    ],
    [
      'a dimension of terms',
      {
        filterPattern: 'x',
        metricTransformations: [{ metricName: 'a', metricNamespace: 'b', metricValue: '1', dimensions: { x: '$y' } }],
      },
      'InvalidParameterException',
    ],
  ])('is refused with %s', (_what, input, code) =>
    timed(async () => expect(await refusal(logs().put(input))).toBe(code))(),
  );

  it(
    'is one of a hundred of a group, of which five have regular expressions',
    timed(async () => {
      const { put } = logs();
      for (let n = 0; n < 5; n += 1) await put({ filterName: `r${n}`, filterPattern: '%x%' });
      expect(await refusal(put({ filterName: 'r5', filterPattern: '%x%' }))).toBe('LimitExceededException');
      for (let n = 0; n < 95; n += 1) await put({ filterName: `f${n}` });
      expect(await refusal(put({ filterName: 'f95' }))).toBe('LimitExceededException');
      expect(await refusal(put({ filterName: 'f94' }))).toBe('accepted');
    }),
  );

  it(
    'goes with its group, and its metric reports nothing more',
    timed(async () => {
      const { cloud, client, put } = logs();
      await put();
      const find = () =>
        client.send(new DescribeMetricFiltersCommand({ metricName: 'Rejects', metricNamespace: 'Test' }));
      expect((await find()).metricFilters).toMatchObject([{ logGroupName: group, filterName: 'rejects' }]);
      cloud.logs.groups.delete(group);
      expect((await find()).metricFilters).toEqual([]);
    }),
  );
});

it(
  'tests a pattern as TestMetricFilter does',
  timed(async () => {
    const { client } = logs();
    const test = (filterPattern: string, logEventMessages: string[]) =>
      client.send(new TestMetricFilterCommand({ filterPattern, logEventMessages }));
    const { matches } = await test('[..., action=REJECT, status]', [flow('a', 1, 'ACCEPT'), flow('b', 2)]);
    expect(matches).toEqual([
      { eventNumber: 2, eventMessage: flow('b', 2), extractedValues: { $action: 'REJECT', $status: 'OK' } },
    ]);
    expect(await refusal(test('{ $.x IS NOT NULL }', ['a']))).toBe('InvalidParameterException');
    expect(await refusal(test('a', []))).toBe('InvalidParameterException');
    expect(await refusal(test('a', Array(51).fill('a')))).toBe('InvalidParameterException');
  }),
);

it(
  'finds lines by a pattern, page by page',
  timed(async () => {
    const { client, write } = logs();
    for (let port = 1; port <= 5; port += 1) write(flow('203.0.113.9', port, port % 2 ? 'REJECT' : 'ACCEPT'));
    const find = (input: object) =>
      client.send(
        new FilterLogEventsCommand({ logGroupName: group, filterPattern: '[..., action=REJECT, s]', ...input }),
      );
    const first = await find({ limit: 2 });
    expect(first.events).toHaveLength(2);
    const second = await find({ limit: 2, nextToken: first.nextToken });
    expect(second.events?.map(({ message }) => message)).toEqual([flow('203.0.113.9', 5)]);
    expect(second.nextToken).toBeUndefined();
    expect(await refusal(find({ logGroupName: '/no/group' }))).toBe('ResourceNotFoundException');
  }),
);

describe('a query', () => {
  const topSources =
    'filter action = "REJECT" and not isIpv4InSubnet(srcAddr, "10.0.0.0/8") | stats count(*) as n, count_distinct(dstPort) as ports by srcAddr | sort n desc | limit 2';

  it(
    'is scheduled, runs with a part of its results, and completes',
    timed(async () => {
      const { write, query, results } = logs();
      for (let port = 1; port <= 9; port += 1) write(flow('203.0.113.9', port), Date.now() - 60_000);
      for (let n = 0; n < 4; n += 1) write(flow('198.51.100.7', 22));
      for (let n = 0; n < 3; n += 1) write(flow('192.0.2.1', 22));
      for (let n = 0; n < 50; n += 1) write(flow('10.0.0.9', n));
      write('2 123456789012 eni-0a1b2c3d - - - - - - - 1772442000 1772442060 - NODATA');
      const { queryId } = await query(topSources);
      expect(await results(queryId)).toMatchObject({ status: 'Scheduled', results: [] });
      await seconds(1);
      const running = await results(queryId);
      expect(running.status).toBe('Running');
      await seconds(2);
      const { status, results: rows } = await results(queryId);
      expect(status).toBe('Complete');
      expect(rows).toEqual([
        [
          { field: 'srcAddr', value: '203.0.113.9' },
          { field: 'n', value: '9' },
          { field: 'ports', value: '9' },
        ],
        [
          { field: 'srcAddr', value: '198.51.100.7' },
          { field: 'n', value: '4' },
          { field: 'ports', value: '1' },
        ],
      ]);
      expect(running.results).not.toEqual(rows);
    }),
  );

  it(
    'parses lines with named groups, the last address of each',
    timed(async () => {
      const { write, query, results } = logs();
      write('Mar  2 09:00:00 web sshd[7]: Invalid user from 198.51.100.99 port 22 from 203.0.113.9 port 5122');
      const { queryId } = await query(
        'filter @message like /Invalid user/ | parse @message /.* from (?<ip>[0-9a-fA-F.:]+) port \\d+$/ | stats count(*) as n by ip',
      );
      await seconds(3);
      expect((await results(queryId)).results).toEqual([
        [
          { field: 'ip', value: '203.0.113.9' },
          { field: 'n', value: '1' },
        ],
      ]);
    }),
  );

  it(
    'ends as it is told to, and is stopped',
    timed(async () => {
      const { cloud, client, query, results } = logs();
      const stop = (queryId: string | undefined) => client.send(new StopQueryCommand({ queryId }));
      for (const ends of ['Failed', 'Timeout'] as const) {
        cloud.logs.queries.course = { ends, seconds: 1 };
        const { queryId } = await query(topSources);
        await seconds(2);
        expect(await results(queryId)).toMatchObject({ status: ends, results: [] });
        expect(await refusal(stop(queryId))).toBe('InvalidParameterException');
      }
      cloud.logs.queries.course = { ends: 'Complete', seconds: 60 };
      const { queryId } = await query(topSources);
      await stop(queryId);
      expect((await results(queryId)).status).toBe('Cancelled');
      expect(await refusal(results('no-query'))).toBe('ResourceNotFoundException');
    }),
  );

  it.each([
    ['an unknown command', 'find x', {}, 'MalformedQueryException'],
    ['an empty command', 'filter x = 1 | | limit 3', {}, 'MalformedQueryException'],
    ['a filter without a value', 'filter action =', {}, 'MalformedQueryException'],
    ['an unclosed function', 'stats count(* by srcAddr', {}, 'MalformedQueryException'],
    ['a parse without a named group', 'parse @message /from/', {}, 'MalformedQueryException'],
    ['a regular expression that is none', 'filter @message like /a[/', {}, 'MalformedQueryException'],
    ['a limit of none', 'limit 0', {}, 'MalformedQueryException'],
    ['a group that does not exist', topSources, { logGroupNames: ['/no/group'] }, 'ResourceNotFoundException'],
    ['more than fifty groups', topSources, { logGroupNames: Array(51).fill(group) }, 'InvalidParameterException'],
    ['no group', topSources, { logGroupNames: [] }, 'InvalidParameterException'],
    ['a limit above 10,000', topSources, { limit: 10_001 }, 'InvalidParameterException'],
    ['an end before the start', topSources, { startTime: 2_000_000_000 }, 'InvalidParameterException'],
  ])('is refused with %s', (_what, text, input, code) =>
    timed(async () => expect(await refusal(logs().query(text, input))).toBe(code))(),
  );

  it(
    'is one of a hundred at once',
    timed(async () => {
      const { cloud, query } = logs();
      cloud.logs.queries.course = { ends: 'Complete', seconds: 600 };
      for (let n = 0; n < 100; n += 1) await query(topSources);
      expect(await refusal(query(topSources))).toBe('LimitExceededException');
    }),
  );
});
