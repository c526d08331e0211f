import type { Stack } from '../../drill/stack/stack';
import { systemClock } from '../../functions/shared/clock';
import { drill, effects, onlyIncident } from '../fixtures/drill';

describe('row 40:', () => {
  /** Each function has a clock of its own, which `offsetOf` puts ahead of the true time (minutes), in turns. */
  const skewed = async (offsetOf: (call: number) => number, run: () => ReturnType<typeof drill>) => {
    let calls = 0;
    const skew = jest
      .spyOn(systemClock, 'now')
      .mockImplementation(() => new Date(Date.now() + offsetOf(calls++) * 60_000));
    try {
      return await run();
    } finally {
      skew.mockRestore();
    }
  };

  test.each([-10, 10])('clocks that are %i minutes off change neither order nor lease', async (minutes) => {
    const result = await skewed(
      () => minutes,
      () => drill({ delivery: { copies: 3, jitterMs: 100 } }),
    );

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);
  });

  test.each([1, 2, 3, 5])(
    'clocks that disagree by 20 minutes (changing every %i reads) never share a lease',
    async (every) => {
      const secondAlarm = ({ cloud }: Stack) => {
        const raise = (name: string, seconds: number) =>
          setTimeout(() => cloud.cloudWatch.setState(name, 'ALARM', 'Threshold Crossed'), seconds * 1000);
        cloud.cloudWatch.alarms.onTransition(({ name, state }) => {
          if (!name.endsWith('cpu-high') || state.value !== 'ALARM') return;
          const others = cloud.cloudWatch.alarms.all().filter((alarm) => /failed-(system|instance)$/.test(alarm.name));
          for (const [index, other] of others.entries()) raise(other.name, 5 + 20 * index);
        });
      };
      const offset = (call: number) => (Math.floor(call / every) % 2 === 0 ? -10 : 10);
      const result = await skewed(offset, () => drill({ delivery: { copies: 2, jitterMs: 100 } }, secondAlarm));

      const actors = new Set(
        result.ledger
          .filter(({ command, effective }) => command === 'StopInstances' && effective)
          .map((c) => c.caller?.executionId),
      );
      expect(result.incidents.length).toBeGreaterThan(1);
      expect(actors.size).toBeLessThanOrEqual(1);
      expect(effects(result, 'StopInstances')).toBeLessThanOrEqual(1);
    },
  );
});
