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
