import type { Snapshot } from '../../functions/guard/snapshot';
import { type Compensation, compensationSchema, judgeCompensation } from '../../functions/instance/compensation';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 2, 0, seconds));
const ceiling = 900;
const nothingDone = { stopAsked: false, isOut: false };
const asked = { stopAsked: true, isOut: false };

/** Looks at these states, so many seconds after the first look each. */
function looks(found: [Snapshot['state'], number][], done = asked, previous?: Compensation): Compensation {
  return found.reduce<Compensation | undefined>(
    (before, [state, seconds]) => judgeCompensation(state, done, before, at(seconds), ceiling),
    previous,
  )!;
}

test('where no stop was asked for, one look is enough', () => {
  expect(looks([['running', 0]], nothingDone)).toMatchObject({ leftStopped: false, rescue: 'NONE' });
});

test('an instance that we stopped is started, once', () => {
  const first = looks([['stopped', 0]]);

  expect(first).toMatchObject({ leftStopped: true, rescue: 'START' });
  expect(looks([['stopped', 600]], asked, first)).toMatchObject({ leftStopped: true, rescue: 'NONE' });
});

describe('a look that says running after we asked for a stop', () => {
  test('may be an old one, so it is looked at again', () => {
    expect(looks([['running', 0]])).toMatchObject({ rescue: 'LOOK_AGAIN' });
    expect(
      looks([
        ['running', 0],
        ['running', 15],
      ]),
    ).toMatchObject({ rescue: 'LOOK_AGAIN' });
  });

  test('counts when two agree and the last is too late to be stale', () => {
    expect(
      looks([
        ['running', 0],
        ['running', 180],
      ]),
    ).toMatchObject({ leftStopped: false, rescue: 'NONE' });
    expect(
      looks([
        ['pending', 0],
        ['running', 180],
      ]),
    ).toMatchObject({ rescue: 'LOOK_AGAIN' });
  });

  test('is overruled by one that says stopping', () => {
    expect(
      looks([
        ['running', 0],
        ['stopping', 15],
      ]),
    ).toMatchObject({ leftStopped: true, rescue: 'START' });
  });
});

test('one that is pending to the end counts as left stopped', () => {
  expect(
    looks([
      ['pending', 0],
      ['pending', ceiling],
    ]),
  ).toMatchObject({ leftStopped: true, rescue: 'NONE' });
});

test('one that is out of service is put back, once, and only when it runs', () => {
  const out = { stopAsked: false, isOut: true };
  const first = looks([['running', 0]], out);

  expect(first.rescue).toBe('PUT_BACK');
  expect(looks([['running', 600]], out, first).rescue).toBe('NONE');
  expect(looks([['stopped', 0]], out).rescue).toBe('NONE');
});

test('an earlier look counts only while the state is looked at again', () => {
  const started = looks([['stopped', 0]]);
  const again = judgeCompensation('running', asked, { ...started, agreed: 1 }, at(600), ceiling);

  expect(again).toMatchObject({ attempt: 1, agreed: 1, rescue: 'LOOK_AGAIN', leftStopped: true });
});

test('what needed nothing has not been brought back', () => {
  expect(looks([['running', 0]], nothingDone).rescued).toBe(false);
  expect(looks([['stopped', 0]]).rescued).toBe(true);
});

test.each<Snapshot['state']>(['pending', 'running', 'stopping', 'stopped'])(
  'a judgement of %s can be read back',
  (state) => {
    for (const done of [nothingDone, asked, { stopAsked: false, isOut: true }]) {
      const found = judgeCompensation(state, done, undefined, at(0), ceiling);

      expect(compensationSchema.parse(found)).toEqual(found);
    }
    expect(() => compensationSchema.parse({ ...looks([['running', 0]]), rescue: '' })).toThrow();
  },
);
