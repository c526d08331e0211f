import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

describe('row 43: metrics that say nothing are unknown, never normal', () => {
  const starts = { by: 'alarm-state' as const, alarm: 'cpu-high' };
  test.each([
    ['missing', null],
    ['constant', 42],
  ])('%s', async (_what, value) => {
    const series = [{ metricName: 'CPUUtilization', values: [[-30 * 24 * 60, value]] }];
    const result = await drill({ fleet: [{ instanceId }], starts, series: series as never });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'score-unknown' });
    expect(effects(result, 'StopInstances')).toBe(0);
  });
});

test('row 44: a baseline that is full of trouble can only veto: nothing is widened', async () => {
  const day = 24 * 60;
  const values = Array.from({ length: 29 }, (_, half) => [(half - 28) * (day / 2), half % 2 === 0 ? 97 : 20]);
  const series = [{ metricName: 'CPUUtilization', values }];
  const result = await drill({ fleet: [{ instanceId }], series: series as never, givesUpAfterMinutes: 60 });

  expect(['SKIPPED', 'ESCALATED']).toContain(onlyIncident(result).outcome);
  expect(effects(result, 'StopInstances')).toBe(0);
});

describe('row 44: the trouble that earlier actions ended', () => {
  const points = 14 * 24 * 12;
  const earlier = [-13, -11, -9, -7, -5, -3].map((day) => (day * 24 + 5) * 60);
  const isTrouble = (minute: number) => minute >= -45 || earlier.some((at) => minute >= at && minute < at + 45);
  const values = Array.from({ length: points }, (_, index): [number, number] => {
    const minute = (index - points) * 5;
    return [minute, isTrouble(minute) ? 97 : 20 + 5 * (index % 3)];
  });
  const given: Given = {
    fleet: [{ instanceId }],
    series: [{ metricName: 'CPUUtilization', values }],
    starts: { by: 'alarm-state', alarm: 'cpu-high' },
  };

  /** What the instance's guard knows of those actions, as earlier incidents left it. */
  const remember = (stack: Stack) => {
    const begin = Date.now();
    const actedAt = earlier.map((minute) => new Date(begin + (minute + 45) * 60_000).toISOString());
    const Item = {
      pk: `INSTANCE#${instanceId}`,
      sk: 'GUARD',
      token: 6,
      lastActionAt: actedAt.at(-1),
      lastRung: 2,
      actedAt,
    };
    void DynamoDBDocumentClient.from(stack.dynamoDb).send(
      new PutCommand({ TableName: stack.variables.TABLE_NAME, Item }),
    );
  };

  test('makes a score veto where nobody knows of it', async () => {
    const result = await drill(given);

    expect(result.incidents[0]).toMatchObject({ outcome: 'SKIPPED', code: 'score-veto' });
    expect(effects(result, 'StopInstances')).toBe(0);
  });

  test('is left out of the baseline, so it is not taken for ordinary', async () => {
    const result = await drill(given, remember);

    expect(result.incidents[0]?.code).not.toBe('score-veto');
    expect(effects(result, 'StopInstances')).toBe(1);
  });
});

describe('row 44: what is watched before it is judged', () => {
  const points = 14 * 24 * 12;
  /** CPU that was at 97 % for 45 minutes on some earlier days, and is so again for a while from a quarter of an hour ago. */
  const cpu = (days: readonly number[], lastsMinutes: number): Given => ({
    fleet: [{ instanceId }],
    series: [
      {
        metricName: 'CPUUtilization',
        values: Array.from({ length: points + 60 }, (_, index): [number, number] => {
          const minute = (index - points) * 5;
          const isHigh = (from: number, minutes: number) => minute >= from && minute < from + minutes;
          const was = days.some((day) => isHigh((day * 24 + 5) * 60, 45));
          return [minute, was || isHigh(-15, 15 + lastsMinutes) ? 97 : 20 + 5 * (index % 3)];
        }),
      },
    ],
    starts: { by: 'alarm-state', alarm: 'cpu-high' },
  });

  test('a spike like one that ended by itself before is left to end by itself', async () => {
    const result = await drill(cpu([-6], 20));

    expect(result.incidents[0]).toMatchObject({ outcome: 'SKIPPED', code: 'alarm-recovered' });
    expect(effects(result, 'StopInstances')).toBe(0);
  });

  test('a habit that lasts longer than ever before loses its veto, and is restarted once', async () => {
    const result = await drill(cpu([-13, -11, -9, -7, -5, -3], 240));

    expect(result.incidents[0]?.code).not.toBe('score-veto');
    expect(effects(result, 'StopInstances')).toBe(1);
  });
});
