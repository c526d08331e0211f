import { monthsOf } from '../../functions/record/opened-between';
import { readable } from '../../functions/review/figures';

import { toMarkdown } from '../../functions/review/markdown';
import { alarmsToRead, review } from '../../functions/review/review';
import { at, needless, record, window } from './records';

const of = (...records: ReturnType<typeof record>[]) => review(records, [], window);

describe('figures', () => {
  test('median and 95th percentile of the times to act and to recover', () => {
    const { figures } = of(
      record({ closedAt: '2026-11-02T10:10:00.000Z' }),
      record({ closedAt: '2026-11-02T10:20:00.000Z' }),
      record({ closedAt: '2026-11-02T10:30:00.000Z' }),
    );

    expect(figures.timeToAct).toEqual({ count: 3, median: 30, p95: 30 });
    expect(figures.timeToRecover).toEqual({ count: 3, median: 1200, p95: 1740 });
  });

  test('rates are shares of what was acted on, and unknown when nothing was', () => {
    const ineffective = record({ outcome: 'INEFFECTIVE', code: 'still-in-alarm' });

    expect(of(record(), ineffective, needless()).figures).toMatchObject({ ineffectiveRate: 0.5, worseRate: 0 });
    expect(of(needless()).figures).toMatchObject({ ineffectiveRate: null, worseRate: null });
  });

  test('drills, children of storms, incidents outside the window and suspicions are not counted as incidents', () => {
    const found = of(
      record({ drill: true }),
      needless({ code: 'storm' }),
      needless({ code: 'joined' }),
      record({ openedAt: '2026-10-31T23:59:59.999Z' }),
      record({ playbook: 'patrol-fleet', outcome: 'SUSPECTED', code: 'anomaly' }),
    );

    expect(found.figures.incidents).toBe(0);
    expect(found.suspicions).toBe(1);
  });

  test('the time to detect counts from the first breaching point where the metric is known', () => {
    const series = {
      alarmName: record().alarmName!,
      metric: 'CPUUtilization',
      periodSeconds: 300,
      threshold: 80,
      breachesAtThreshold: true,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      times: Array.from({ length: 12 }, (_, i) => Date.parse(at(9)) + i * 300_000),
      values: [20, 20, 20, 20, 20, 20, 20, 20, 20, 95, 95, 95],
    };
    const found = review([record({ openedAt: at(10) })], [series], window);

    expect(found.figures.timeToDetect).toMatchObject({ count: 1, median: 900 });
  });
});

describe('repeat offenders', () => {
  test('are instances that needed help three times or more', () => {
    const often = { instanceId: 'i-00000000000000bad' };
    const found = of(
      record(often),
      record(often),
      record({ ...often, outcome: 'ESCALATED', code: 'ladder-end', extra: {} }),
      record(),
    );

    expect(found.repeatOffenders).toEqual([
      expect.objectContaining({ instanceId: 'i-00000000000000bad', acted: 2, notHelped: 1 }),
    ]);
  });

  test('are named in observe mode, too: what would have been acted on counts', () => {
    const would = { outcome: 'OBSERVED', code: 'would-stop-start', extra: {} } as const;

    expect(of(record(would), record(would), record(would)).repeatOffenders).toEqual([
      expect.objectContaining({ acted: 0, notHelped: 0, days: ['2026-11-02'] }),
    ]);
  });

  test('are named with the change that came before most of their incidents, whatever the session was called', () => {
    const change = (who: string, more: object = {}) => ({
      id: who,
      at: at(9),
      what: 'ModifyInstanceAttribute',
      resource: 'i-1',
      who,
      from: '198.51.100.7',
      ...more,
    });
    const following = (...changes: ReturnType<typeof change>[]) =>
      record({ openedAt: at(10), extra: { actedAt: at(11), changes: { changes } } });
    const offender = (...incidents: ReturnType<typeof record>[]) => of(...incidents).repeatOffenders[0]?.changeBefore;

    expect(offender(following(change('deploy/1')), following(change('deploy/2')), following(change('alice')))).toEqual({
      what: 'ModifyInstanceAttribute by deploy',
      incidents: 2,
    });
    expect(
      offender(following(change('deploy/1'), change('deploy/2')), following(change('alice')), following()),
    ).toBeUndefined();
    expect(
      offender(
        following(change('deploy/1')),
        following(change('deploy/2', { at: at(12) })),
        following(change('deploy/3', { refused: 'x' })),
      ),
    ).toBeUndefined();
  });

  test('say so in the summary, with a hostile name as text', () => {
    const changes = [{ id: 'x', at: at(9), what: 'RunInstances', resource: 'i-1', who: '<!here>', from: 'x' }];
    const one = () => record({ openedAt: at(10), extra: { changes: { changes } } });
    const told = toMarkdown(of(one(), one(), one()));

    expect(told).toContain('RunInstances by \\<\\!here\\> came before 3 of 3');
  });

  test('are not instances whose alarms needed nothing', () => {
    expect(of(needless(), needless(), needless()).repeatOffenders).toEqual([]);
  });
});

describe('noisy alarms', () => {
  test('are those of which at least three, and half, needed nothing', () => {
    expect(of(needless(), needless(), needless(), record()).noisyAlarms).toEqual([
      { alarmName: record().alarmName, incidents: 4, needless: 3 },
    ]);
    expect(of(needless(), needless(), needless(), record(), record(), record(), record()).noisyAlarms).toEqual([]);
    expect(of(needless(), needless()).noisyAlarms).toEqual([]);
  });

  test('are not alarms that mostly asked for what observe mode, a cooldown or missing data left undone', () => {
    const open = (['would-stop-start', 'cooldown', 'alarm-unknown', 'breaker-open'] as const).map((code) =>
      needless({ code }),
    );

    expect(of(needless(), needless(), needless(), ...open).noisyAlarms).toEqual([]);
  });
});

describe('a veto', () => {
  test('was wrong when the instance was in real trouble within six hours', () => {
    const [found] = of(needless({ openedAt: at(10) }), record({ openedAt: at(15) })).wrongVetoes;

    expect(found).toMatchObject({ vetoedAt: at(10), followedAt: at(15) });
  });

  test('was not wrong because of another instance, hours later, or what came before', () => {
    expect(
      of(needless({ openedAt: at(10) }), record({ openedAt: at(15), instanceId: 'i-00000000' })).wrongVetoes,
    ).toEqual([]);
    expect(of(needless({ openedAt: at(10) }), record({ openedAt: at(17) })).wrongVetoes).toEqual([]);
    expect(of(needless({ openedAt: at(10) }), record({ openedAt: at(9) })).wrongVetoes).toEqual([]);
  });
});

test('an empty window has a review, too', () => {
  expect(of()).toMatchObject({ repeatOffenders: [], noisyAlarms: [], proposals: [] });
});

test('a window is read month by month, across the turn of the year', () => {
  expect(monthsOf(new Date('2026-11-30T23:00:00Z'), new Date('2027-01-01T01:00:00Z'))).toEqual([
    '2026-11',
    '2026-12',
    '2027-01',
  ]);
});

test.each([
  [null, '–'],
  [45, '45 s'],
  [720, '12 min'],
  [12_600, '3.5 h'],
])('%p seconds read %s', (seconds, text) => {
  expect(readable(seconds)).toBe(text);
});

describe('a stage of several accounts', () => {
  const place = { account: '210987654321', region: 'us-east-1' };

  test('the same instance ID and the same name of an alarm are others in another account', () => {
    const two = [record(), record()];
    const found = of(...two, ...two.map((one) => ({ ...one, place })));
    const three = of(...[1, 2, 3].map(() => record({ place })));
    const noise = of(needless(), needless(), needless({ place }), needless({ place }));

    expect(found.repeatOffenders).toEqual([]);
    expect(three.repeatOffenders.map(({ instanceId }) => instanceId)).toEqual([
      expect.stringMatching(/^i-\w+ \(account 210987654321\)$/),
    ]);
    expect(noise.noisyAlarms).toEqual([]);
  });

  test('the metrics of alarms in other accounts are not read, and the summary says so', () => {
    expect(alarmsToRead([record({ place })], 10)).toEqual([]);
    expect(alarmsToRead([record()], 10)).toHaveLength(1);
    expect(toMarkdown(of(record(), record({ place })))).toContain(
      'Of other accounts: 1 of account 210987654321. Their metrics are not read',
    );
    expect(toMarkdown(of(record()))).not.toContain('account');
  });
});
