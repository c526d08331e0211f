import { toPage } from '../../drill/report/review-page';
import { monthsOf } from '../../functions/record/opened-between';
import { readable } from '../../functions/review/figures';

import { toMarkdown } from '../../functions/review/markdown';
import { unfitWhy } from '../../functions/review/not-read';
import { alarmsToRead, review } from '../../functions/review/review';
import { at, needless, record, window } from './records';
import { noisyAt, noisyValues, series } from './series';

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
    const values = [20, 20, 20, 20, 20, 20, 20, 20, 20, 95, 95, 95];
    const times = values.map((_, i) => Date.parse(at(9)) + i * 300_000);
    const found = review([record({ openedAt: at(10) })], [series(values, { times })], window);

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

  test('alarms of every account are read, and the summary says whose incidents there are', () => {
    expect(alarmsToRead([record({ place })])).toEqual([{ alarmName: record().alarmName, place }]);
    expect(alarmsToRead([record()])).toHaveLength(1);
    expect(toMarkdown(of(record(), record({ place })))).toContain('Of other accounts: 1 of account 210987654321.');
    expect(toMarkdown(of(record()))).not.toContain('account');
  });

  test('of many accounts the summary names those with the most incidents, and counts the rest', () => {
    const counts = [1, 3, 1, 2, 1, 1, 2];
    const all = counts.flatMap((count, n) =>
      Array.from({ length: count }, () => record({ place: { ...place, account: `21098765432${n}` } })),
    );

    expect(toMarkdown(of(...all))).toContain(
      `- Of other accounts: 3 of account 210987654321, 2 of account 210987654323, 2 of account 210987654326, \
1 of account 210987654320, 1 of account 210987654322, 2 of 2 more accounts.\n`,
    );
  });

  test('a summary of no incidents says so in one number', () => {
    expect(toMarkdown(of())).toContain('\n0 incidents, 0 with an action');
  });

  const noise = (change: Parameters<typeof needless>[0] = {}) =>
    noisyAt.map((openedAt) => needless({ openedAt, ...change }));

  test('of alarms of one name in two accounts, each is proposed the threshold of its own series, and names its account', () => {
    const [own, theirs] = [series(noisyValues(84)), series(noisyValues(94), { place })];
    const records = [...noise(), ...noise({ place })];
    const both = review(records, [own, theirs], window);
    const proposed = both.proposals.map((one) => [one.place?.account, one.proposed.threshold]);

    expect(both.noisyAlarms.map((one) => [one.place?.account, one.needless])).toEqual([
      [undefined, 3],
      [place.account, 3],
    ]);
    expect(proposed).toEqual([
      [undefined, review(noise(), [own], window).proposals[0]!.proposed.threshold],
      [place.account, review(noise({ place }), [theirs], window).proposals[0]!.proposed.threshold],
    ]);
    expect(proposed[0]![1]).not.toBe(proposed[1]![1]);
    expect(toMarkdown(both)).toMatch(/cpu-high-i-\w+ \\\(account 210987654321\\\): 80 % → /);
    expect(toPage(both)).toMatch(/cpu-high-i-\w+ \(account 210987654321\)<\/h3>/);
    expect(toPage(both)).toContain('tag the instance, with credentials of account 210987654321:');
  });

  test('the series, the incidents and the times of one account are never used for a namesake of another', () => {
    const own = series(noisyValues(84));

    expect(review(noise({ place }), [own], window)).toMatchObject({ proposals: [], noisyAlarms: [{ place }] });
    // Trouble at the same minutes in the other account is no reason against the proposal for the own alarm.
    const trouble = noisyAt.map((openedAt) => record({ openedAt, place }));
    expect(review([...noise(), ...trouble], [own], window).proposals).toEqual(review(noise(), [own], window).proposals);
    const late = record({ openedAt: noisyAt[0]!, place, alarm: { changedAt: noisyAt[0]! } });
    expect(review([late], [own], window).figures.timeToDetect).toMatchObject({ median: 0 });
    expect(review([late], [{ ...own, place }], window).figures.timeToDetect).toMatchObject({ median: 900 });
  });

  test('of an account whose metrics are not known summary and page say why, and nothing is proposed', () => {
    const [alarmName = ''] = [record().alarmName];
    const why = 'PlaceUnreachableError: Account <!here> cannot be reached';
    const told = review(noise({ place }), [], window, [{ place, alarmNames: [alarmName], why }]);

    expect(told).toMatchObject({ proposals: [], notRead: [{ place, alarmNames: [alarmName] }] });
    expect(toMarkdown(told)).toMatch(
      /- account 210987654321, 1 alarm \(restart-\S+\): PlaceUnreachableError: Account \\</,
    );
    expect(toPage(told)).toContain('Metrics not read: no threshold is proposed');
    expect(toPage(told)).toMatch(/<td[^>]*>210987654321<\/td>/);
    expect(toPage(review(noise(), [], window))).not.toContain('Metrics not read');
  });

  test('however many accounts are not known, each is named', () => {
    const all = Array.from({ length: 100 }, (_, i) => String(200_000_000_000 + i));
    const notKnown = all.map((account) => ({ place: { ...place, account }, alarmNames: ['a', 'b', 'c'], why: 'x' }));
    const text = toMarkdown(review([], [], window, notKnown));

    expect(all.filter((account) => !text.includes(account))).toEqual([]);
    expect(text).toContain('3 alarms (a, b and 1 more)');
    expect(text.split('\n- ').length).toBeLessThan(14);
  });

  test('alarms for which no other threshold can be tried are told only where they are noisy', () => {
    const alarmNames = [record().alarmName!, 'quiet'];
    const notRead = (records: ReturnType<typeof record>[]) =>
      review(records, [], window, [{ alarmNames, why: unfitWhy }]).notRead;

    expect(notRead(noise())).toEqual([{ alarmNames: [record().alarmName], why: unfitWhy }]);
    expect(notRead([record()])).toBeUndefined();
  });

  test('accounts take turns, noisy alarms before others, and what counts as no incident is not read', () => {
    const elsewhere = { ...place, account: '310987654321' };
    const many = Array.from({ length: 20 }, (_, i) => noise({ alarmName: `noisy-${i}`, place })).flat();
    const few = [...noise({ alarmName: 'others', place: elsewhere }), record(), record({ place: elsewhere })];
    const skipped = [record({ alarmName: 'a', drill: true }), needless({ alarmName: 'b', code: 'storm' })];
    const read = alarmsToRead([...many, ...few, ...skipped]);

    expect(read.slice(0, 3).map(({ alarmName }) => alarmName)).toEqual(['noisy-0', 'others', 'noisy-1']);
    expect(read).toHaveLength(23);
    expect(read.slice(21).map((one) => one.place?.account)).toEqual([undefined, elsewhere.account]);
  });
});
