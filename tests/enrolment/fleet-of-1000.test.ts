import type { Stack } from '../../drill/stack/stack';
import { alarmKinds } from '../../functions/enrolment/alarm-kinds';
import { enrolledAlarms, runMachine, watching } from '../fixtures/watching';

const size = 1000;
const launch = ({ cloud }: Stack) => Array.from({ length: size }, () => cloud.ec2.launch({}));
const puts = ({ cloud }: Stack) =>
  cloud.ledger.entries.filter(({ command }) => command === 'PutMetricAlarm' || command === 'DeleteAlarms');
const refused = ({ cloud }: Stack) =>
  cloud.ledger.entries.filter(({ service, result }) => service !== 'dynamodb' && result === 'error');

/** Every alarm with what it measures, in the order of the names. */
const stateOf = (stack: Stack) =>
  enrolledAlarms(stack)
    .map(({ AlarmName, MetricName, Threshold, Dimensions, Period, EvaluationPeriods, TreatMissingData }) =>
      JSON.stringify({ AlarmName, MetricName, Threshold, Dimensions, Period, EvaluationPeriods, TreatMissingData }),
    )
    .sort();
let undisturbed: string[] = [];

test('a thousand instances are enrolled within the rates of the account', async () => {
  await watching(async (stack) => {
    const ids = launch(stack);
    const { status, startedAt } = await runMachine(stack, 'reconcile-alarms', { report: false });

    expect(status).toBe('SUCCEEDED');
    expect(enrolledAlarms(stack)).toHaveLength(size * alarmKinds.length);
    expect(new Set(enrolledAlarms(stack).map(({ Dimensions }) => Dimensions?.[0]?.Value))).toEqual(new Set(ids));
    expect(refused(stack)).toEqual([]);
    undisturbed = stateOf(stack);
    const minutes = Math.round((stack.time.now() - startedAt) / 60_000);
    process.stdout.write(`1,000 instances, ${puts(stack).length} calls, ${minutes} simulated minutes, none refused\n`);
  });
});

test('killed half way and run again, it ends in the same state, and a third run changes nothing', async () => {
  const killed = { name: 'crash-after-call', command: 'PutMetricAlarm', n: (size * alarmKinds.length) / 2 };
  await watching(
    async (stack) => {
      launch(stack);
      const { status } = await runMachine(stack, 'reconcile-alarms', { report: false });
      const after = stateOf(stack);
      const changesSoFar = puts(stack).length;
      await runMachine(stack, 'reconcile-alarms', { report: false });

      expect(status).toBe('SUCCEEDED');
      expect(stack.cloud.ledger.entries.filter(({ result }) => result === 'no-answer')).toHaveLength(1);
      expect(after).toHaveLength(size * alarmKinds.length);
      expect(after).toEqual(undisturbed);
      expect(puts(stack)).toHaveLength(changesSoFar);
    },
    { faults: [killed] },
  );
});
