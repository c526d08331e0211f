import * as fc from 'fast-check';
import { agentKinds, alarmKinds, groups } from '../../functions/enrolment/alarm-kinds';
import { desiredAlarms } from '../../functions/enrolment/desired';
import { groupOf, kindIn } from '../../functions/enrolment/groups';
import { config } from '../fixtures/config';

const instanceId = 'i-0123456789abcdef0';
const thresholds = { CPU_HIGH_PERCENT: 80, CPU_HIGH_MINUTES: 15, NETWORK_OUT_HIGH_BYTES: 5e9 };
const tag = 'incident-playbooks:group';
const memory = {
  instanceId,
  metricName: 'mem_used_percent',
  dimensions: [{ Name: 'InstanceId', Value: instanceId }],
};
const desired = (tags: Record<string, string>) =>
  desiredAlarms({ instanceId, state: 'running', tags: { [config.OPT_IN_TAG]: 'true', ...tags } }, thresholds, config, [
    memory,
  ]);
const idsOf = (tags: Record<string, string>) => desired(tags).alarms.map(({ kind }) => kind.id);
const cpu = alarmKinds.find(({ id }) => id === 'cpu-high')!;

test('an instance of a group in the file has its alarms and thresholds, and any other group those of the stage', () => {
  const [inGroup, other] = [desired({ [tag]: 'example-workers' }), desired({ [tag]: 'web tier' })];

  expect(groups['example-workers']).toBeDefined();
  expect(inGroup.alarms.map(({ kind }) => kind.id)).not.toContain('cpu-high');
  expect(inGroup.alarms.find(({ kind }) => kind.id === 'memory-used')?.threshold).toBe(98);
  expect(other).toEqual(desired({}));
  expect(other.alarms.find(({ kind }) => kind.id === 'memory-used')?.threshold).toBe(95);
});

test('the tag of the instance itself goes before the data of its group', () => {
  const { alarms } = desired({ [tag]: 'example-workers', 'incident-playbooks:memory-used-percent': '70' });

  expect(alarms.find(({ kind }) => kind.id === 'memory-used')?.threshold).toBe(70);
});

test.each(['web\u0000', 'a\nb', '<b>', 'x'.repeat(257)])(
  'a tag that is no name (%j) is a problem that names the tag',
  (value) => {
    const { alarms, problems } = desired({ [tag]: value });

    expect(problems).toEqual([expect.stringContaining(`${instanceId}: the tag ${tag} is not the name of a group`)]);
    expect(alarms).toEqual(desired({}).alarms);
  },
);

test('whatever the tag says, an instance has the alarms of the stage or those of a group in the file', () => {
  const some = [idsOf({}), idsOf({ [tag]: 'example-workers' })].map(String);
  const value = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString', 'example-workers'));

  fc.assert(fc.property(value, (text) => some.includes(String(idsOf({ [tag]: text })))));
});

test('a group may name another playbook, periods and threshold, which then are not the stage’s', () => {
  const group = {
    'cpu-high': {
      playbook: 'isolate-instance',
      Properties: { Threshold: 99, EvaluationPeriods: 4, DatapointsToAlarm: 2 },
    },
  };
  const kind = kindIn(cpu, group)!;

  expect(kind).toMatchObject({
    playbook: 'isolate-instance',
    properties: { Threshold: 99, EvaluationPeriods: 4, DatapointsToAlarm: 2, Period: 300 },
  });
  expect(kind.lasting).toBeUndefined();
  expect(kind.override).toEqual({ tag: 'incident-playbooks:cpu-high-percent', least: 1, most: 100 });
  expect(kindIn(cpu, { 'memory-used': { watched: false } })).toBe(cpu);
  expect(kindIn(cpu, { 'cpu-high': { watched: false } })).toBeUndefined();
  expect(kindIn(cpu, { 'cpu-high': {} })).toEqual(cpu);
});

test('a group that lets memory restart keeps the code for everybody else', () => {
  const kind = agentKinds.find(({ id }) => id === 'memory-used')!;

  expect(kindIn(kind, { 'memory-used': { told: false } })?.told).toBeUndefined();
  expect(kind.told).toBe('memory-full');
});

test('an empty tag is no group', () => {
  expect(groupOf({ [tag]: '' })).toEqual({ group: {} });
});
