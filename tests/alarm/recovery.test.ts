import { type Evidence, judge, type Recovery } from '../../functions/alarm/recovery';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 2, 0, seconds));
const healthy = { system: 'ok', instance: 'ok' };
const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  alarmState: 'OK',
  checks: healthy,
  newAlarms: [],
  ...change,
});
const ceiling = 1800;

/** Looks every 60 seconds until a verdict is there, always at the same evidence. */
function watch(after: 'reboot' | 'stop-start', seen: Evidence): Recovery {
  let found: Recovery | undefined;
  for (let seconds = 0; found === undefined || found.verdict === 'WAITING'; seconds += 60) {
    found = judge(after, seen, found, at(seconds), ceiling);
  }
  return found;
}

test('one OK does not count, two in a row do', () => {
  const first = judge('stop-start', evidence(), undefined, at(0), ceiling);
  const second = judge('stop-start', evidence(), first, at(10), ceiling);

  expect(first.verdict).toBe('WAITING');
  expect(second).toMatchObject({ verdict: 'DONE', conclusion: { outcome: 'RESOLVED' } });
});

test('an OK between two ALARMs starts the count anew', () => {
  const ok = judge('stop-start', evidence(), undefined, at(0), ceiling);
  const alarm = judge('stop-start', evidence({ alarmState: 'ALARM' }), ok, at(10), ceiling);
  const okAgain = judge('stop-start', evidence(), alarm, at(20), ceiling);

  expect(okAgain).toMatchObject({ verdict: 'WAITING', agreed: 1 });
});

test.each([
  ['INEFFECTIVE', 'still-in-alarm', evidence({ alarmState: 'ALARM' })],
  ['INEFFECTIVE', 'no-data-after-action', evidence({ alarmState: 'INSUFFICIENT_DATA' })],
  ['WORSE', 'worse-after-action', evidence({ checks: { system: 'ok', instance: 'impaired' } })],
  ['WORSE', 'other-alarms', evidence({ newAlarms: ['disk-full'] })],
])('%s (%s)', (outcome, code, seen) => {
  expect(watch('stop-start', seen).conclusion).toMatchObject({ outcome, code });
});

test('a reboot that did not help climbs instead of concluding', () => {
  const found = watch('reboot', evidence({ alarmState: 'ALARM' }));

  expect(found.verdict).toBe('CLIMB');
  expect(found.conclusion).toBeUndefined();
});

test('the wait after the stop and start has a ceiling of its own', () => {
  const afterReboot = watch('reboot', evidence({ alarmState: 'ALARM' }));
  const first = judge('stop-start', evidence({ alarmState: 'ALARM' }), afterReboot, at(4000), ceiling);

  expect(first).toMatchObject({ verdict: 'WAITING', attempt: 1, since: at(4000).toISOString() });
});

test('without an alarm to ask, healthy status checks are the proof', () => {
  expect(watch('stop-start', evidence({ alarmState: undefined })).conclusion).toMatchObject({ outcome: 'RESOLVED' });
});
