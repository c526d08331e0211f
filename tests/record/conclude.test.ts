import { codeOf, conclude, wordsOf } from '../../functions/record/conclude';
import { closing as incident } from '../fixtures/closing';

const lambdaCause = (errorType: string, errorMessage: string) =>
  JSON.stringify({ errorType, errorMessage, trace: ['at x'] });

test('the last step that concluded counts', () => {
  const eligibility = { conclusion: { outcome: 'SKIPPED', code: 'protected', reason: 'It is protected.' } } as const;
  const recovery = { conclusion: { outcome: 'RESOLVED', code: 'recovered', reason: 'The alarm is OK.' } } as const;

  expect(conclude(incident({ eligibility }))).toEqual(eligibility.conclusion);
  expect(conclude(incident({ eligibility, recovery }))).toEqual(recovery.conclusion);
});

test('an instance that we left stopped escalates, whatever failed', () => {
  const failure = { Error: 'NotOptedInError', Cause: lambdaCause('NotOptedInError', 'The tag is gone.') };
  const found = conclude(
    incident({ failure, compensation: { leftStopped: true, leftOutOfService: false, state: 'stopped' } }),
  );

  expect(found).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
  expect(found.reason).toContain('The tag is gone.');
  expect(found.reason).not.toContain('trace');
});

test('a guard that says no before a change is a skip with its reason', () => {
  const failure = {
    Error: 'KillSwitchOnError',
    Cause: lambdaCause('KillSwitchOnError', 'The kill switch of the stage is on (ops).'),
  };

  expect(conclude(incident({ failure }))).toMatchObject({ outcome: 'SKIPPED', code: 'kill-switch-on' });
});

test('an instance that is gone ends as GONE', () => {
  const failure = {
    Error: 'InstanceGoneError',
    Cause: lambdaCause('InstanceGoneError', 'The instance is terminated.'),
  };

  expect(conclude(incident({ failure }))).toMatchObject({ outcome: 'GONE' });
});

describe('an instance that is still out of service', () => {
  const leaving = { verdict: 'DONE', membership: { group: 'web', targets: [] } };
  const poll = (outcome: 'FAILED' | 'GONE') => ({
    conclusion: { outcome, code: 'unhealthy-after-start' as const, reason: 'It is not healthy.' },
  });
  const plan = { action: 'stop-start' };

  test('is named in the reason', () => {
    const found = conclude(incident({ plan, leaving, poll: poll('FAILED') }));

    expect(found.outcome).toBe('FAILED');
    expect(found.reason).toBe('It is not healthy. The instance is still out of service: put it back in service.');
  });

  test('is never said to be well', () => {
    const confirmation = {
      conclusion: { outcome: 'SKIPPED', code: 'alarm-recovered', reason: 'The alarm is OK.' },
    } as const;

    expect(conclude(incident({ plan, leaving, confirmation }))).toMatchObject({
      outcome: 'ESCALATED',
      code: 'left-out-of-service',
    });
  });

  test('is no trouble once it is back, gone, was nowhere, or was isolated', () => {
    const back = { returning: { verdict: 'DONE' } };
    const nowhere = { leaving: { verdict: 'DONE', membership: { targets: [] } } };

    expect(conclude(incident({ plan, leaving, ...back, poll: poll('FAILED') })).reason).toBe('It is not healthy.');
    expect(conclude(incident({ plan, ...nowhere, poll: poll('FAILED') })).reason).toBe('It is not healthy.');
    expect(conclude(incident({ plan, leaving, poll: poll('GONE') })).reason).toBe('It is not healthy.');
    expect(conclude(incident({ leaving, poll: poll('FAILED') })).reason).toBe('It is not healthy.');
  });
});

test('a failure after which the state could not be read escalates', () => {
  const failure = { Error: 'ThrottledError', Cause: lambdaCause('ThrottledError', 'Too many.') };
  const plan = { action: 'stop-start' };

  expect(conclude(incident({ failure, plan }))).toMatchObject({ outcome: 'ESCALATED', code: 'throttled' });
  expect(
    conclude(
      incident({ failure, plan, compensation: { leftStopped: false, leftOutOfService: false, state: 'running' } }),
    ),
  ).toMatchObject({
    outcome: 'FAILED',
  });
});

test('the recovery counts when an instance was brought back after a failure', () => {
  const failure = { Error: 'ServiceUnavailableError', Cause: lambdaCause('ServiceUnavailableError', 'EC2 was down.') };
  const compensation = { leftStopped: true, leftOutOfService: false, state: 'stopped' };
  const recovery = { conclusion: { outcome: 'RESOLVED', code: 'recovered', reason: 'The alarm is OK.' } } as const;

  expect(conclude(incident({ failure, compensation, recovery })).outcome).toBe('RESOLVED');
});

test('codes are readable', () => {
  expect(codeOf('InsufficientCapacityError')).toBe('insufficient-capacity');
  expect(codeOf('States.Timeout')).toBe('states-timeout');
});

test('an error that nobody expected is named in the reason', () => {
  const failure = { Error: 'TypeError', Cause: lambdaCause('TypeError', 'x is not a function') };

  expect(conclude(incident({ failure }))).toEqual({
    outcome: 'FAILED',
    code: 'step-failed',
    reason: 'A step failed after all retries. TypeError: x is not a function.',
  });
});

test('a cause that is no JSON is taken as it is', () => {
  expect(wordsOf('plain words')).toBe('plain words');
});
