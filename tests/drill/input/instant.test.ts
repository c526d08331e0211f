import { readInstant } from '../../../drill/input/instant';

const at = Date.UTC(2026, 1, 1, 9, 30, 15);

test.each<[string | number, number]>([
  ['2026-02-01T09:30:15Z', at],
  ['2026-02-01T09:30:15.250Z', at + 250],
  ['2026-02-01T09:30:15.250999+00:00', at + 250],
  ['2026-02-01 09:30:15', at],
  ['2026-02-01 09:30:15 UTC', at],
  ['2026/02/01 09:30:15', at],
  ['2026-02-01T10:30:15+01:00', at],
  ['2026-02-01T04:00:15-0530', at],
  ['2026-02-01T11:30:15+02', at],
  ['2026-02-01T09:30Z', at - 15_000],
  ['2026-02-01', Date.UTC(2026, 1, 1)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  [' 2026-02-01T09:30:15Z ', at],
  [at, at],
  [at / 1000, at],
  [at / 1000 + 0.25, at + 250],
  [String(at), at],
  [`${at / 1000}.5`, at + 500],
])('%j is read', (given, expected) => {
  expect(readInstant(given)).toEqual({ at: expected });
});

test.each<[string | number, RegExp]>([
  ['2026-02-31T00:00:00Z', /not a day in the calendar/],
  ['2026-02-29', /not a day in the calendar/],
  ['2026-04-31 00:00:00', /not a day in the calendar/],
  ['2026-13-01', /not a day in the calendar/],
  ['2026-00-10', /not a day in the calendar/],
  ['2026-02-01T24:00:00Z', /not a time of day/],
  ['2026-02-01T10:60:00Z', /not a time of day/],
  ['2026-02-01T10:00:60Z', /not a time of day/],
  ['2026-02-01T10:00:00+25:00', /an unknown time zone/],
  ['2026-02-01T10:00:00+01:75', /an unknown time zone/],
  ['2026-02/01', /not a time like/],
  ['01/02/2026 10:00', /not a time like/],
  ['2026-2-1', /not a time like/],
  ['Feb 1 2026', /not a time like/],
  ['yesterday', /not a time like/],
  ['', /not a time like/],
  ['1969-07-20T20:17:40Z', /not between the years 2000 and 2100/],
  [1, /neither seconds nor milliseconds/],
  ['1440', /neither seconds nor milliseconds/],
  [20_260_201, /neither seconds nor milliseconds/],
  [-at, /neither seconds nor milliseconds/],
  [Number.NaN, /neither seconds nor milliseconds/],
  [at * 1000, /microseconds/],
  [at * 1_000_000, /nanoseconds/],
])('%j is refused', (given, why) => {
  expect(readInstant(given)).toEqual({ why: expect.stringMatching(why) });
});
