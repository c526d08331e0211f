import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parsePattern } from '../../drill/cloud/logs/pattern';
import { packageStage } from '../../drill/packaging/package-stage';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { StackResource } from '../../drill/stack/template';
import { kindOf } from '../../functions/investigation/kinds';
import { searchOf } from '../../functions/logs/searches';
import { place } from '../../tools/template/samples';

interface Examples {
  counts: string[];
  ignores: string[];
  value?: number;
}
const file = join(__dirname, '../../resources/log-alarms/examples.yml');
const examples = parse(readFileSync(file, 'utf8')) as Record<string, Examples>;
const groups = {
  FlowLogGroup: '/vpc/flow',
  TrailLogGroup: '/aws/trail',
  LoginLogGroup: '/os/secure',
  SystemLogGroup: '/os/messages',
  ApplicationLogGroup: '/app',
};

const stackOf = async (parameters: Record<string, string>): Promise<StackResource[]> => [
  ...resolveTemplate(await packageStage('dev'), { ...place, parameters }).values(),
];
const filtersOf = (stack: readonly StackResource[]) => stack.filter(({ type }) => type === 'AWS::Logs::MetricFilter');
const onLogs = (stack: readonly StackResource[]) =>
  stack.filter(({ logicalId }) =>
    /Filter$|LogsSilent|ScanPorts|PortScan|^(Flow|FailedLogins|SudoRef|OutOfM|DiskFull|RootUse)/.test(logicalId),
  );
interface Statement {
  Action: string | string[];
  Resource: string | string[];
}
const rightsToLogs = (stack: readonly StackResource[]) =>
  stack.flatMap(({ type, logicalId, properties }) => {
    if (type !== 'AWS::IAM::Role') return [];
    const policies = (properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    return statements
      .map(({ Action, Resource }) => ({ logicalId, actions: [Action].flat(), resources: [Resource].flat() }))
      .filter(({ actions }) =>
        actions.some((action) =>
          /^logs:(StartQuery|StopQuery|GetQueryResults|FilterLogEvents|DescribeMetricFilters)$/.test(action),
        ),
      );
  });

test('a stage that names no log group has no filter, alarm, schedule, function or right for logs', async () => {
  const stack = await stackOf({});

  expect(onLogs(stack).map(({ logicalId }) => logicalId)).toEqual([]);
  expect(filtersOf(stack)).toEqual([]);
  expect(rightsToLogs(stack)).toEqual([]);
  expect(JSON.stringify(stack)).not.toContain('scan-ports');
});

test.each([
  ['FlowLogGroup', 2, ['FindSources', 'ScanPorts']],
  ['TrailLogGroup', 15, ['Investigate']],
  ['LoginLogGroup', 2, ['FindSources', 'Investigate']],
  ['SystemLogGroup', 2, ['Investigate']],
  ['ApplicationLogGroup', 1, ['Investigate']],
])('one that names the %s has %d filters on it, and rights to it alone', async (parameter, count, steps) => {
  const name = groups[parameter as keyof typeof groups];
  const stack = await stackOf({ [parameter]: name });
  const filters = filtersOf(stack);
  const rights = rightsToLogs(stack).filter(({ actions }) => !actions.includes('logs:StopQuery'));

  expect(filters).toHaveLength(count);
  expect(new Set(filters.map(({ properties }) => properties.LogGroupName))).toEqual(new Set([name]));
  expect(rights.map(({ logicalId }) => logicalId.replace('IamRoleLambdaExecution', '')).sort()).toEqual(steps);
  for (const { resources } of rights)
    expect(resources).toEqual([`arn:aws:logs:${place.region}:${place.account}:log-group:${name}:*`]);
});

test('every filter has an alarm on its metric, and its alarm a playbook that knows it', async () => {
  const stack = await stackOf(groups);
  const settings = { FLOW_LOG_GROUP: 'a', LOGIN_LOG_GROUP: 'b', SOURCE_LINES: 1, PORT_SCAN_PORTS: 1, FLOW_BYTES: 1 };
  for (const { properties } of filtersOf(stack)) {
    const [{ MetricName, MetricNamespace }] = properties.MetricTransformations as [Record<string, string>];
    const alarms = stack.filter(
      (one) => one.properties.MetricName === MetricName && one.properties.Namespace === MetricNamespace,
    );
    expect(alarms).toHaveLength(1);
    const name = String(alarms[0]!.properties.AlarmName);
    const isKnown = name.startsWith('block-traffic-dev-')
      ? searchOf([MetricName!], settings) !== undefined
      : name.startsWith('investigate-alarm-dev-') && kindOf([MetricName!]) !== undefined;
    expect({ name, isKnown }).toEqual({ name, isKnown: true });
    // No data is not a good sign: it is no state OK.
    expect(alarms[0]!.properties.TreatMissingData).toBe('missing');
  }
});

test('every log group that is named has an alarm for the time when nothing comes from it any more', async () => {
  const silent = (await stackOf(groups)).filter(({ properties }) => properties.MetricName === 'IncomingLogEvents');

  expect(silent.map(({ properties }) => (properties.Dimensions as { Value: string }[])[0]?.Value).sort()).toEqual(
    Object.values(groups).sort(),
  );
  expect(new Set(silent.map(({ properties }) => properties.TreatMissingData))).toEqual(new Set(['breaching']));
});

describe('the lines of resources/log-alarms/examples.yml', () => {
  test('are there for every filter, and for nothing else', async () => {
    const ids = filtersOf(await stackOf(groups)).map(({ logicalId }) => logicalId.replace(/Filter$/, ''));

    expect(Object.keys(examples).sort()).toEqual(ids.sort());
  });

  test.each(Object.entries(examples))('%s are counted as they must', async (id, { counts, ignores, value }) => {
    const filter = (await stackOf(groups)).find(({ logicalId }) => logicalId === `${id}Filter`)!;
    const parsed = parsePattern(String(filter.properties.FilterPattern));
    const [{ MetricValue }] = filter.properties.MetricTransformations as [Record<string, string>];

    expect(counts.filter((line) => !parsed.match(line))).toEqual([]);
    expect(ignores.filter((line) => parsed.match(line))).toEqual([]);
    expect(counts.length * ignores.length).toBeGreaterThan(0);
    const found = counts.map((line) =>
      Number(MetricValue!.startsWith('$') ? parsed.match(line)?.[MetricValue!] : MetricValue),
    );
    expect(found).toEqual(counts.map(() => value ?? 1));
  });
});
