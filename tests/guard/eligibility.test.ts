import { checkEligibility, eligibilityRules, type Looked, type Rule } from '../../functions/guard/eligibility';
import { quarantineTag } from '../../functions/guard/tags';

const settings = {
  OPT_IN_TAG: 'incident-playbooks:enabled',
  PROTECTED_TAG: 'incident-playbooks:protected',
  AUTO_SCALING: 'refuse' as const,
  ADDRESS_CHANGE: 'record' as const,
};
const optedIn = { 'incident-playbooks:enabled': 'true' };

function looked(change: Partial<Looked> = {}): Looked {
  return {
    instanceId: 'i-0123456789abcdef0',
    instanceType: 't3.medium',
    state: 'running',
    tags: optedIn,
    rootDeviceType: 'ebs',
    isSpot: false,
    volumeIds: ['vol-1'],
    hasElasticIp: false,
    hibernation: false,
    returnFacts: { hasInstanceStore: false, stopProtected: false, customerKeys: [], unusableKeys: [] },
    ...change,
  };
}
const facts = (change: Partial<Looked['returnFacts']>) => ({ returnFacts: { ...looked().returnFacts, ...change } });

test('an ordinary opted-in instance is eligible', () => {
  expect(checkEligibility(looked(), settings)).toEqual({ notes: [] });
});

test.each<[string, Partial<Looked>]>([
  ['not-opted-in', { tags: {} }],
  ['not-opted-in', { tags: { 'incident-playbooks:enabled': 'false' } }],
  ['protected', { tags: { ...optedIn, 'incident-playbooks:protected': 'true' } }],
  ['protected', { tags: { ...optedIn, 'incident-playbooks:protected': 'yes please' } }],
  ['stopped-by-others', { state: 'stopping' }],
  ['stopped-by-others', { state: 'stopped' }],
  ['still-pending', { state: 'pending' }],
  ['instance-store-root', { rootDeviceType: 'instance-store' }],
  ['instance-store-data', facts({ hasInstanceStore: true })],
  ['one-time-spot', { isSpot: true, ...facts({ spotType: 'one-time' }) }],
  ['one-time-spot', { isSpot: true }],
  ['stop-protection', facts({ stopProtected: true })],
  ['auto-scaling-member', { autoScalingGroup: 'web' }],
  ['key-unusable', facts({ unusableKeys: ['arn:aws:kms:us-east-1:123456789012:key/k'] })],
])('%s is refused', (code, change) => {
  expect(checkEligibility(looked(change), settings).refusal?.code).toBe(code);
});

test('an owner can allow the loss of instance-store data, and nobody else', () => {
  const tags = { ...optedIn, 'incident-playbooks:allow-instance-store-loss': 'true' };

  expect(checkEligibility(looked({ tags, ...facts({ hasInstanceStore: true }) }), settings).refusal).toBeUndefined();
});

test('a persistent Spot instance may be stopped', () => {
  expect(
    checkEligibility(looked({ isSpot: true, ...facts({ spotType: 'persistent' }) }), settings).refusal,
  ).toBeUndefined();
});

describe('a public address without an Elastic IP', () => {
  const withAddress = looked({ publicIp: '203.0.113.7' });

  test('is noted, since it changes', () => {
    const { refusal, notes } = checkEligibility(withAddress, settings);

    expect(refusal).toBeUndefined();
    expect(notes.join()).toContain('203.0.113.7');
  });

  test('is refused where the stage says so', () => {
    expect(checkEligibility(withAddress, { ...settings, ADDRESS_CHANGE: 'refuse' }).refusal?.code).toBe(
      'address-changes',
    );
  });

  test('with an Elastic IP is neither', () => {
    const { refusal, notes } = checkEligibility(
      { ...withAddress, hasElasticIp: true },
      { ...settings, ADDRESS_CHANGE: 'refuse' },
    );

    expect(refusal).toBeUndefined();
    expect(notes).toEqual([]);
  });
});

describe('a member of an Auto Scaling group that may go to Standby', () => {
  const standby = { ...settings, AUTO_SCALING: 'standby' as const };
  const member = (scaling: Looked['returnFacts']['scaling']) =>
    looked({ autoScalingGroup: 'web', ...facts({ scaling }) });
  const inService = { group: 'web', lifecycle: 'InService', minimum: 1, desired: 2 };

  test('is eligible while the group can spare one', () => {
    expect(checkEligibility(member(inService), standby)).toEqual({ notes: [] });
    expect(checkEligibility(member(undefined), standby)).toEqual({ notes: [] });
  });

  test('is refused at the group’s minimum, which the reason names', () => {
    expect(checkEligibility(member({ ...inService, desired: 1 }), standby).refusal).toEqual({
      code: 'auto-scaling-minimum',
      reason: expect.stringMatching(/web .*minimum of 1/),
    });
  });

  test('is refused while something else moves it, which the reason names', () => {
    expect(checkEligibility(member({ ...inService, lifecycle: 'Terminating' }), standby).refusal).toEqual({
      code: 'auto-scaling-not-in-service',
      reason: expect.stringContaining('Terminating'),
    });
  });
});

test('an isolated instance is refused, with the incident that isolated it', () => {
  expect(checkEligibility(looked({ tags: { ...optedIn, [quarantineTag]: 'inc-1' } }), settings).refusal).toEqual({
    code: 'quarantined',
    reason: expect.stringContaining('inc-1'),
  });
});

test.each<[Partial<Looked>, string]>([
  [{ state: 'stopping' }, 'stopping'],
  [{ autoScalingGroup: 'web' }, 'web'],
  [facts({ hasInstanceStore: true }), 'incident-playbooks:allow-instance-store-loss'],
  [facts({ unusableKeys: ['arn:key/a'] }), 'arn:key/a'],
])('what %j is refused for names %s', (change, named) => {
  expect(checkEligibility(looked(change), settings).refusal?.reason).toContain(named);
});

test('keys of customers and hibernation are noted, and refuse nothing', () => {
  const { refusal, notes } = checkEligibility(
    looked({ hibernation: true, ...facts({ customerKeys: ['arn:key/a', 'arn:key/b'] }) }),
    settings,
  );

  expect(refusal).toBeUndefined();
  expect(notes).toEqual([
    expect.stringContaining('arn:key/a'),
    expect.stringContaining('arn:key/b'),
    expect.stringMatching(/^Hibernation/),
  ]);
});

test.each(Object.entries<Rule>(eligibilityRules))('%s says what to do, and which steps report it', (_code, rule) => {
  expect(rule.todo.split(' ').length).toBeGreaterThan(2);
  if (rule.by !== undefined) expect(rule.by).toMatch(/^[a-z]+(-[a-z]+)+(, [a-z]+(-[a-z]+)+)*$/);
});
