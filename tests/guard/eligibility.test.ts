import { checkEligibility, type Looked } from '../../functions/guard/eligibility';

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
