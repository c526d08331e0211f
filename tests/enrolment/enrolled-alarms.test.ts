import { checkEnrolledAlarms } from '../../packaging/enrolled-alarms';
import enrolledAlarms from '../../resources/enrolled-alarms.json';

/** The file as it is, but for fields of the alarm cpu-high. */
const changed = (change: (cpuHigh: Record<string, never>) => void) => {
  const file = structuredClone(enrolledAlarms);
  change(file['cpu-high'] as never);
  return file;
};

test('the alarms as they are may be packaged', () => {
  expect(() => checkEnrolledAlarms(enrolledAlarms)).not.toThrow();
});

test.each([
  ['a misspelt statistic', { Statistic: 'Avrage' }, 'cpu-high.Properties.Statistic'],
  ['a threshold of words', { Threshold: 'high' }, 'cpu-high.Properties.Threshold'],
  ['a period that CloudWatch has not', { Period: 90 }, 'cpu-high.Properties.Period'],
  ['more datapoints than are looked at', { DatapointsToAlarm: 4 }, 'cpu-high.Properties.DatapointsToAlarm'],
  ['no treatment of missing data', { TreatMissingData: undefined }, 'cpu-high.Properties.TreatMissingData'],
])('%s is refused with its name', (_what, properties, named) => {
  const file = changed((cpuHigh: { Properties?: object }) => Object.assign(cpuHigh.Properties!, properties));

  expect(() => checkEnrolledAlarms(file)).toThrow(`resources/enrolled-alarms.json is not valid:\n  ${named}: `);
});

test.each([
  ['a param as the threshold and no variable to hold it', { override: undefined }, 'cpu-high.override'],
  ['no playbook', { playbook: '' }, 'cpu-high.playbook'],
  ['a field that does not exist', { overide: {} }, 'cpu-high: Unrecognized key: "overide"'],
])('%s is refused with its name', (_what, fields, named) => {
  const file = changed((cpuHigh) => Object.assign(cpuHigh, fields));

  expect(() => checkEnrolledAlarms(file)).toThrow(`resources/enrolled-alarms.json is not valid:\n  ${named}`);
});

const inGroup = (group: object) => ({ ...enrolledAlarms, groups: { web: group } });

test.each<[string, object]>([
  [
    'another threshold and playbook',
    { 'network-out-high': { playbook: 'restart-instance', Properties: { Threshold: 9 } } },
  ],
  ['an alarm that it does without', { 'cpu-high': { watched: false } }],
  ['memory that a restart helps', { 'memory-used': { told: false } }],
  ['other periods', { 'cpu-high': { Properties: { EvaluationPeriods: 6, DatapointsToAlarm: 4 } } }],
])('a group may have %s', (_what, group) => {
  expect(() => checkEnrolledAlarms(inGroup(group))).not.toThrow();
});

test.each<[string, object, string]>([
  ['an alarm that does not exist', { 'cpu-hgh': { watched: false } }, 'cpu-hgh: there is no such alarm'],
  ['an alarm by the name of a property', { constructor: { watched: false } }, 'constructor: there is no such alarm'],
  [
    'a threshold beyond its range',
    { 'cpu-high': { Properties: { Threshold: 101 } } },
    'cpu-high.Properties.Threshold: expected a number from 1 to 100',
  ],
  [
    'a threshold of words',
    { 'cpu-high': { Properties: { Threshold: '90' } } },
    'cpu-high.Properties.Threshold: expected a number',
  ],
  [
    'a playbook that takes no alarm of enrolment',
    { 'cpu-high': { playbook: 'patch-instance' } },
    'cpu-high.playbook: expected restart-instance or isolate-instance',
  ],
  [
    'a restart for a full disk',
    { 'disk-used': { told: false } },
    'disk-used.told: this alarm is not one that a restart may help',
  ],
  ['a field that does not exist', { 'cpu-high': { treshold: 4 } }, 'cpu-high: Unrecognized key: "treshold"'],
  [
    'more datapoints than periods',
    { 'cpu-high': { Properties: { DatapointsToAlarm: 4 } } },
    'cpu-high.Properties.DatapointsToAlarm: must not exceed EvaluationPeriods',
  ],
  [
    'periods of more than a day',
    { 'cpu-high': { Properties: { EvaluationPeriods: 289, DatapointsToAlarm: 289 } } },
    'cpu-high.Properties.EvaluationPeriods: all periods together must not exceed a day',
  ],
])('a group with %s is refused with the field', (_what, group, named) => {
  expect(() => checkEnrolledAlarms(inGroup(group))).toThrow(
    `resources/enrolled-alarms.json is not valid:\n  groups.web.${named}`,
  );
});

test('the file names its groups, if only none', () => {
  const { groups: _, ...without } = enrolledAlarms;
  expect(() => checkEnrolledAlarms(without)).toThrow('groups: ');
  expect(() => checkEnrolledAlarms({ ...without, groups: {} })).not.toThrow();
});
