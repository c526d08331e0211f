import { byInstance } from '../../functions/enrolment/agent-metric';
import { listAgentMetrics } from '../../functions/enrolment/agent-metrics';
import {
  agentAlarmNameOf,
  agentKinds,
  alarmPrefixes,
  readAlarmName,
  toldCodeOf,
} from '../../functions/enrolment/alarm-kinds';
import { desiredAlarms } from '../../functions/enrolment/desired';
import { diffAlarms } from '../../functions/enrolment/diff';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';
import { answering } from '../fixtures/answering';
import { config } from '../fixtures/config';

const instanceId = 'i-0123456789abcdef0';
const [disk] = agentKinds as [(typeof agentKinds)[number]];
const set = (values: Record<string, string>) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
const root = { InstanceId: instanceId, path: '/', device: 'nvme0n1p1', fstype: 'xfs' };
const thresholds = { CPU_HIGH_PERCENT: 80, CPU_HIGH_MINUTES: 15, NETWORK_OUT_HIGH_BYTES: 5e9 };
const desired = (tags: Record<string, string> = {}) =>
  desiredAlarms({ instanceId, state: 'running', tags: { [config.OPT_IN_TAG]: 'true', ...tags } }, thresholds, config, [
    { instanceId, metricName: 'disk_used_percent', dimensions: set(root) },
  ]);
const ofDisk = (tags?: Record<string, string>) => desired(tags).alarms.find(({ kind }) => kind === disk)!;

test('only sets that are recently active and of a real disk count, with their exact dimensions, by page', async () => {
  const asked = answering(cloudWatch, () => ({
    ListMetrics: ({ NextToken, MetricName }: { NextToken?: string; MetricName?: string }) =>
      MetricName === 'disk_used_percent'
        ? {
            Metrics: (NextToken
              ? [{ InstanceId: instanceId }, { host: 'web', path: '/' }, { InstanceId: instanceId, path: '/run' }]
              : [root, { ...root, path: '/run', fstype: 'tmpfs' }]
            ).map((one) => ({ MetricName, Dimensions: set(one as Record<string, string>) })),
            ...(NextToken ? {} : { NextToken: 'more' }),
          }
        : {},
  }));
  const found = await listAgentMetrics(instanceId);

  expect(found.map(({ dimensions }) => dimensions.map(({ Name }) => Name))).toEqual([
    ['device', 'fstype', 'InstanceId', 'path'],
  ]);
  expect(asked[0]?.[1]).toMatchObject({
    Namespace: 'CWAgent',
    RecentlyActive: 'PT3H',
    Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
  });
});

test('of an instance with a great many disks ten are watched', () => {
  const many = Array.from({ length: 30 }, (_, n) => ({
    instanceId,
    metricName: 'disk_used_percent',
    dimensions: set({ ...root, path: `/${n}` }),
  }));

  expect(byInstance(many).get(instanceId)).toHaveLength(10);
});

test('memory has one alarm on the smallest of its sets, and each process one, whatever else the agent sends', async () => {
  const ofInstance = { InstanceId: instanceId, InstanceType: 't3.large' };
  answering(cloudWatch, () => ({
    ListMetrics: ({ MetricName }: { MetricName: string }) => ({
      Metrics: {
        mem_used_percent: [ofInstance, { InstanceId: instanceId }],
        procstat_lookup_pid_count: [
          { ...ofInstance, exe: 'nginx', pid_finder: 'native' },
          { ...ofInstance, pattern: 'java -jar', pid_finder: 'native' },
          ofInstance,
        ],
      }[MetricName]?.map((one) => ({ MetricName, Dimensions: set(one as Record<string, string>) })),
    }),
  }));
  const metrics = byInstance(await listAgentMetrics(instanceId)).get(instanceId)!;
  const { alarms } = desiredAlarms(
    { instanceId, state: 'running', tags: { [config.OPT_IN_TAG]: 'true' } },
    thresholds,
    config,
    metrics,
  );
  const ofAgent = alarms.filter(({ kind }) => kind.agent);

  expect(ofAgent.map(({ kind, threshold, dimensions }) => [kind.id, threshold, dimensions?.length])).toEqual([
    ['memory-used', 95, 1],
    ['process-missing', 1, 4],
    ['process-missing', 1, 4],
  ]);
  expect(new Set(ofAgent.map(({ name }) => name)).size).toBe(3);
  for (const { name, kind } of ofAgent) expect(readAlarmName(name, config.STAGE)).toEqual({ kind, instanceId });
});

test('each disk has an alarm under a name that can be read back, with a threshold of its owner', () => {
  const { name, threshold, dimensions } = ofDisk();

  expect(threshold).toBe(90);
  expect(dimensions).toEqual(set(root));
  expect(readAlarmName(name, config.STAGE)).toEqual({ kind: disk, instanceId });
  expect(alarmPrefixes(config.STAGE).some((prefix) => name.startsWith(prefix))).toBe(true);
  expect(ofDisk({ 'incident-playbooks:disk-used-percent': '75' }).threshold).toBe(75);
  expect(desired({ 'incident-playbooks:disk-used-percent': 'full' }).problems).toHaveLength(1);
  const other = { instanceId, dimensions: set({ ...root, path: '/data' }) };
  expect(agentAlarmNameOf(disk, config.STAGE, other)).not.toBe(name);
});

test('an alarm on another set of dimensions is put right, and one on the same set is left alone', () => {
  const alarm = ofDisk();
  const existing = (Dimensions: object[]) => ({
    AlarmName: alarm.name,
    ...disk.properties,
    AlarmDescription: 'Made by enrolment. x',
    Threshold: 90,
    Dimensions,
  });
  const put = (Dimensions: object[]) => diffAlarms([alarm], [existing(Dimensions) as never]).put.length;

  expect(put(set(root).reverse())).toBe(0);
  expect(put(set({ InstanceId: instanceId }))).toBe(1);
  expect(put(set({ ...root, path: '/x' }))).toBe(1);
});

test('the code of what is only told comes from the file, and only if every metric is of that sort', () => {
  expect(toldCodeOf(['disk_used_percent'])).toBe('disk-full');
  expect(toldCodeOf(['disk_used_percent', 'CPUUtilization'])).toBeUndefined();
  expect(toldCodeOf([])).toBeUndefined();
  expect(toldCodeOf(['mem_used_percent'])).toBe('memory-full');
  expect(toldCodeOf(['disk_used_percent', 'mem_used_percent'])).toBe('disk-full');
  expect(toldCodeOf(['mem_used_percent'], { 'memory-used': { told: false } })).toBeUndefined();
  expect(toldCodeOf(['mem_used_percent'], { 'cpu-high': { told: false } })).toBe('memory-full');
});
