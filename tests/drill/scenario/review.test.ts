import { alarmSeriesOf, noteFired } from '../../../drill/scenario/review';

type Listener = (alarm: { name: string; state: { value: string } }) => void;
const alarmName = 'restart-instance-dev-cpu-high-i-0123456789abcdef0';
const region = 'us-east-1';

/** A simulated account with one alarm, whose metric always has the same value. */
function cloudWith(value: number) {
  const listeners: Listener[] = [];
  const input = { AlarmName: alarmName, Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Threshold: 80 };
  const cloudWatch = {
    alarms: { onTransition: (listener: Listener) => listeners.push(listener), find: () => ({ input }) },
    read: () => [{ at: 0, value }],
  };
  const turn = (to: string) => {
    for (const listener of listeners) listener({ name: alarmName, state: { value: to } });
  };
  return { cloud: { cloudWatch } as never, turn };
}

test('the alarms of one name in two accounts have each its own series; those of another region belong to no review', () => {
  const [own, spoke, elsewhere, quiet] = [cloudWith(1), cloudWith(2), cloudWith(3), cloudWith(4)];
  const place = (account: string, of: typeof own, at = region) => ({ account, region: at, cloud: of.cloud }) as never;
  const places = [
    place('210987654321', spoke),
    place('123456789012', elsewhere, 'eu-west-1'),
    place('310987654321', quiet),
  ];
  const fired = noteFired({ cloud: own.cloud, places, region });
  for (const one of [own, spoke, elsewhere]) for (const state of ['ALARM', 'OK', 'ALARM']) one.turn(state);
  quiet.turn('OK');

  expect(alarmSeriesOf(fired, { from: 0, to: 1 }).map((one) => [one.place, one.alarmName, one.values])).toEqual([
    [undefined, alarmName, [1]],
    [{ account: '210987654321', region }, alarmName, [2]],
  ]);
});
