import * as fc from 'fast-check';
import { alarmKinds, alarmNameOf, alarmPrefixes, readAlarmName } from '../../functions/enrolment/alarm-kinds';
import { type Candidate, desiredAlarms } from '../../functions/enrolment/desired';
import { diffAlarms } from '../../functions/enrolment/diff';
import { readThresholds } from '../../functions/enrolment/settings';
import { config } from '../fixtures/config';

const thresholds = { CPU_HIGH_PERCENT: 80, NETWORK_OUT_HIGH_BYTES: 5e9 };
const candidate = (tags: Record<string, string> = {}, state = 'running'): Candidate => ({
  instanceId: 'i-0123456789abcdef0',
  state,
  tags: { 'incident-playbooks:enabled': 'true', ...tags },
});
/** A desired alarm as CloudWatch has it once it is set. */
const existingOf = ({ name, kind, threshold, instanceId }: ReturnType<typeof desiredAlarms>['alarms'][number]) => ({
  ...kind.properties,
  AlarmName: name,
  AlarmDescription: 'Made by enrolment.',
  Threshold: threshold,
  Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
});
const cpuOf = (tags: Record<string, string>) => {
  const { alarms, problems } = desiredAlarms(candidate(tags), thresholds, config);
  return { threshold: alarms.find(({ kind }) => kind.id === 'cpu-high')?.threshold, problems };
};

test('an opted-in instance gets every alarm, named so that the prefix chooses its playbook', () => {
  const { alarms } = desiredAlarms(candidate(), thresholds, config);

  expect(alarms.map(({ name }) => name)).toEqual([
    'restart-instance-test-cpu-high-i-0123456789abcdef0',
    'restart-instance-test-status-check-failed-system-i-0123456789abcdef0',
    'restart-instance-test-status-check-failed-instance-i-0123456789abcdef0',
    'isolate-instance-test-network-out-high-i-0123456789abcdef0',
  ]);
});

test.each([
  ['not opted in', candidate({ 'incident-playbooks:enabled': 'no' })],
  ['protected', candidate({ 'incident-playbooks:protected': 'yes' })],
  ['terminated', candidate({}, 'terminated')],
  ['shutting down', candidate({}, 'shutting-down')],
])('an instance that is %s gets none', (_why, one) => {
  expect(desiredAlarms(one, thresholds, config).alarms).toEqual([]);
});

test('a stopped instance keeps its alarms: a restart must not lose them', () => {
  expect(desiredAlarms(candidate({}, 'stopped'), thresholds, config).alarms).toHaveLength(alarmKinds.length);
});

test('a tag sets the threshold of one instance', () => {
  expect(cpuOf({ 'incident-playbooks:cpu-high-percent': '92.5' })).toEqual({ threshold: 92.5, problems: [] });
});

test.each(['', 'high', '0', '101', '-5', '1e2', '0x50', 'NaN', '92%', ' '])(
  'a tag that is no usable threshold (%j) is reported, and the stage’s is used',
  (text) => {
    const { threshold, problems } = cpuOf({ 'incident-playbooks:cpu-high-percent': text });

    expect(threshold).toBe(80);
    expect(problems).toEqual([expect.stringContaining('incident-playbooks:cpu-high-percent')]);
  },
);

test('whatever the tag says, the threshold stays within its range', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { threshold } = cpuOf({ 'incident-playbooks:cpu-high-percent': text });
      return threshold !== undefined && threshold >= 1 && threshold <= 100;
    }),
  );
});

test('names stay within 255 characters and can be read back', () => {
  const stage = 'a-stage-of-20-letter';
  for (const kind of alarmKinds) {
    const name = alarmNameOf(kind, stage, 'i-0123456789abcdef0');

    expect(name.length).toBeLessThanOrEqual(255);
    expect(readAlarmName(name, stage)).toEqual({ kind, instanceId: 'i-0123456789abcdef0' });
    expect(alarmPrefixes(stage).some((prefix) => name.startsWith(prefix))).toBe(true);
  }
});

test.each([
  'restart-instance-test-cpu-high',
  'restart-instance-test-mine-i-0123456789abcdef0',
  'restart-instance-prod-cpu-high-i-0123456789abcdef0',
])('an alarm that enrolment did not make (%s) is nobody it knows', (name) => {
  expect(readAlarmName(name, 'test')).toBeUndefined();
});

describe('the difference', () => {
  const { alarms } = desiredAlarms(candidate(), thresholds, config);
  const existing = alarms.map(({ name, kind, threshold, instanceId }) => ({
    ...kind.properties,
    AlarmName: name,
    AlarmDescription: 'Made by enrolment. It starts restart-instance.',
    Threshold: threshold,
    Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
  }));

  test('is nothing when all is as it should be', () => {
    expect(diffAlarms(alarms, existing)).toEqual({ put: [], remove: [], problems: [] });
  });

  test('is what is missing', () => {
    expect(diffAlarms(alarms, existing.slice(1)).put).toEqual([alarms[0]]);
  });

  test.each([
    ['threshold', { Threshold: 50 }],
    ['period', { Period: 60 }],
    ['statistic', { Statistic: 'Minimum' as const }],
    ['instance', { Dimensions: [{ Name: 'InstanceId', Value: 'i-00000000' }] }],
    ['missing data', { TreatMissingData: 'breaching' }],
  ])('is an alarm whose %s somebody changed', (_what, change) => {
    const drifted = [{ ...existing[0]!, ...change }, ...existing.slice(1)];

    expect(diffAlarms(alarms, drifted)).toEqual({ put: [alarms[0]], remove: [], problems: [] });
  });

  test('is what nobody asks for any more', () => {
    expect(diffAlarms([], existing).remove).toEqual(alarms.map(({ name }) => name));
  });

  test('is an alarm of a kind that there is no more, but never one that a person made', () => {
    const former = { ...existing[0]!, AlarmName: 'restart-instance-test-memory-high-i-0123456789abcdef0' };
    const mine = { ...former, AlarmDescription: 'Mine' };
    const shared = {
      ...existing[0]!,
      AlarmName: 'restart-instance-test-fleet',
      AlarmDescription: 'Made by enrolment.',
    };

    expect(diffAlarms(alarms, [...existing, former]).remove).toEqual([former.AlarmName]);
    expect(diffAlarms(alarms, [...existing, mine, shared]).remove).toEqual([]);
  });

  test('leaves an alarm of a person alone that has the name of an enrolled one, and says so', () => {
    const mine = { ...existing[0]!, AlarmDescription: 'Mine', Threshold: 50 };

    expect(diffAlarms(alarms, [mine, ...existing.slice(1)])).toEqual({
      put: [],
      remove: [],
      problems: [expect.stringContaining(`${alarms[0]!.name}: an alarm with this name was not created by enrolment`)],
    });
    expect(diffAlarms([], [mine, ...existing.slice(1)]).remove).toHaveLength(alarms.length - 1);
  });

  test('leaves disabled actions to people', () => {
    const disabled = existing.map((alarm) => ({ ...alarm, ActionsEnabled: false }));

    expect(diffAlarms(alarms, disabled)).toEqual({ put: [], remove: [], problems: [] });
  });
});

test.each([
  [5, 1],
  [15, 3],
  [60, 12],
])(
  'a stage whose CPU may be high for %d minutes has alarms of %d periods, and alarms of another length are set anew',
  (minutes, periods) => {
    const settings = { ...thresholds, CPU_HIGH_MINUTES: minutes };
    const { alarms } = desiredAlarms(candidate(), settings, config);
    const cpu = alarms.find(({ kind }) => kind.id === 'cpu-high')!;
    const found = { ...existingOf(cpu), EvaluationPeriods: periods + 1 };

    expect(cpu.kind.properties).toMatchObject({ EvaluationPeriods: periods, DatapointsToAlarm: periods });
    expect(alarms.filter(({ kind }) => kind.id !== 'cpu-high').map(({ kind }) => kind)).toEqual(alarmKinds.slice(1));
    expect(diffAlarms([cpu], [existingOf(cpu)]).put).toEqual([]);
    expect(diffAlarms([cpu], [found]).put).toEqual([cpu]);
  },
);

test('a threshold that the stage does not set is an error that names it', () => {
  expect(() => readThresholds({ CPU_HIGH_PERCENT: '80' })).toThrow('environment.NETWORK_OUT_HIGH_BYTES');
});
