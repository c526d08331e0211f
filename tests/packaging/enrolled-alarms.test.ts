import { setPeriods } from '../../packaging/enrolled-alarms';
import enrolledAlarms from '../../resources/enrolled-alarms.json';

const alarm = (AlarmName: string, MetricName: string) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: { AlarmName, MetricName, EvaluationPeriods: 3, DatapointsToAlarm: 3 } as Record<string, unknown>,
});

test.each([
  ['5', 1],
  ['15', 3],
  ['60', 12],
])('the stack’s own CPU alarm waits %s minutes, and no other alarm changes', (cpuHighMinutes, periods) => {
  const Resources = {
    Cpu: alarm('restart-instance-dev-cpu-high', 'CPUUtilization'),
    Check: alarm('restart-instance-dev-status-check-failed-system', 'StatusCheckFailed_System'),
    Other: alarm('incident-playbooks-dev-cpu', 'CPUUtilization'),
  };
  setPeriods({ Resources }, enrolledAlarms, { cpuHighMinutes });

  expect(Resources.Cpu.Properties).toMatchObject({ EvaluationPeriods: periods, DatapointsToAlarm: periods });
  for (const { Properties } of [Resources.Check, Resources.Other])
    expect(Properties).toMatchObject({ EvaluationPeriods: 3, DatapointsToAlarm: 3 });
});
