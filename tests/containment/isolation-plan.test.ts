import type { Environment } from '../../functions/containment/environment';
import { readEvidenceSettings } from '../../functions/containment/evidence-settings';
import { planIsolation } from '../../functions/containment/isolation-plan';
import {
  readBlockSettings,
  readGroupLimit,
  readIsolationSettings,
  readNeverBlock,
} from '../../functions/containment/settings';
import { config } from '../fixtures/config';

const optedIn = { [config.OPT_IN_TAG]: 'true' };
const environment: Environment = {
  instance: {
    instanceId: 'i-0123456789abcdef0',
    state: 'running',
    tags: optedIn,
    rootDeviceType: 'ebs',
    instanceType: 't3.medium',
    isSpot: false,
    volumeIds: ['vol-1'],
    hasElasticIp: true,
    hibernation: false,
  },
  terminationProtected: false,
  interfaces: [
    { networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-1'] },
    { networkInterfaceId: 'eni-2', vpcId: 'vpc-1', groupIds: ['sg-1'] },
  ],
  volumes: [{ volumeId: 'vol-1', deviceName: '/dev/xvda', deleteOnTermination: true }],
  addresses: [
    {
      allocationId: 'eipalloc-1',
      associationId: 'eipassoc-1',
      publicIp: '203.0.113.7',
      networkInterfaceId: 'eni-1',
      privateIp: '10.0.0.5',
    },
  ],
  profile: { associationId: 'iip-1', arn: 'arn:aws:iam::123456789012:instance-profile/web' },
  metadata: { HttpEndpoint: 'enabled', isApplied: true },
};
const most = {
  ELASTIC_IPS: 'detach',
  REVOKE_SESSIONS: 'ask',
  INSTANCE_METADATA: 'disable',
  SYSTEMS_MANAGER_SESSIONS: 'end',
  lock: { mode: 'governance', days: 30, coolOffHours: undefined, words: 'governance mode for 30 days' },
  accountId: '999988887777',
} as const;
const least = {
  ELASTIC_IPS: 'keep',
  REVOKE_SESSIONS: 'never',
  INSTANCE_METADATA: 'keep',
  SYSTEMS_MANAGER_SESSIONS: 'keep',
  lock: undefined,
  accountId: undefined,
} as const;
const planned = (
  change: Partial<Environment> = {},
  settings: Parameters<typeof planIsolation>[1] = most,
  mark?: Parameters<typeof planIsolation>[3],
) => planIsolation({ ...environment, ...change }, settings, config, mark);

describe('the plan of an isolation', () => {
  test('is what the stage asks for, in words that people approve', () => {
    expect(planned()).toEqual({
      what: 'Isolate i-0123456789abcdef0: snapshot 1 volume, lock the snapshots in governance mode for 30 days, share them with account 999988887777, turn termination protection on, take it out of service, cut off all traffic of 2 network interfaces (eni-1, eni-2) and of any attached later, detach 1 Elastic IP, replace its instance profile with one that allows nothing, switch its instance metadata service off, end its open sessions of Systems Manager. A release restores everything but these sessions and leaves the snapshots as they are.',
      vpcIds: ['vpc-1'],
      detachAddresses: true,
      swapProfile: true,
      askSessions: true,
      switchMetadataOff: true,
      endSessions: true,
      snapshotLock: 'governance mode for 30 days',
      evidenceAccountId: '999988887777',
    });
  });

  test('is no more than that', () => {
    expect(planned({}, least)).toEqual({
      what: 'Isolate i-0123456789abcdef0: snapshot 1 volume, turn termination protection on, take it out of service, cut off all traffic of 2 network interfaces (eni-1, eni-2) and of any attached later, replace its instance profile with one that allows nothing. A release restores everything.',
      vpcIds: ['vpc-1'],
      detachAddresses: false,
      swapProfile: true,
      askSessions: false,
      switchMetadataOff: false,
      endSessions: false,
    });
  });

  test('changes nothing that the instance does not have', () => {
    expect(planned({ addresses: [], profile: undefined, metadata: undefined })).toMatchObject({
      detachAddresses: false,
      swapProfile: false,
      askSessions: false,
      switchMetadataOff: false,
    });
    expect(planned({ metadata: { HttpEndpoint: 'disabled', isApplied: true } })).toMatchObject({
      switchMetadataOff: false,
    });
  });

  const tagged = (tags: Record<string, string>) => ({ instance: { ...environment.instance, tags } });
  test.each<[string, string, Partial<Environment>, Parameters<typeof planIsolation>[3]]>([
    ['not-opted-in', 'does not have the tag', tagged({}), undefined],
    ['protected', 'protected by its tag', tagged({ ...optedIn, [config.PROTECTED_TAG]: 'true' }), undefined],
    ['already-isolated', 'Incident inc-1 has already isolated the instance.', {}, { by: 'inc-1', state: 'isolated' }],
    [
      'joined',
      'Incident inc-1 is isolating the instance; this one joined it.',
      {},
      { by: 'inc-1', state: 'under-way' },
    ],
    [
      'isolated-in-part',
      'Incident inc-1 has only partly isolated the instance. Complete the isolation, or release the instance and start again.',
      {},
      { by: 'inc-1', state: 'in-part' },
    ],
    ['no-interface', 'The instance has no network interface to isolate.', { interfaces: [] }, undefined],
  ])('is refused with %s: %s', (code, reason, change, mark) => {
    expect(planned(change, most, mark).refusal).toEqual({ code, reason: expect.stringContaining(reason) });
  });

  test('is not refused for a tag that no record confirms: the instance may have written it itself', () => {
    expect(planned({}, most, { by: 'inc-1', state: 'unconfirmed' }).refusal).toBeUndefined();
  });
});

describe('the settings of a stage', () => {
  test('for isolations keep what is not named', () => {
    expect(readIsolationSettings({ ELASTIC_IPS: 'keep', REVOKE_SESSIONS: 'never' } as never)).toEqual({
      ELASTIC_IPS: 'keep',
      REVOKE_SESSIONS: 'never',
      INSTANCE_METADATA: 'keep',
      SYSTEMS_MANAGER_SESSIONS: 'keep',
    });
  });

  test.each(['ELASTIC_IPS', 'REVOKE_SESSIONS', 'INSTANCE_METADATA', 'SYSTEMS_MANAGER_SESSIONS'])(
    'for isolations name the variable that is wrong: %s',
    (name) => {
      const valid = { ELASTIC_IPS: 'keep', REVOKE_SESSIONS: 'ask' };

      expect(() => readIsolationSettings({ ...valid, [name]: 'maybe' } as never)).toThrow(`environment.${name}`);
    },
  );

  test.each<[Record<string, string>, object]>([
    [{}, { lock: undefined, accountId: undefined }],
    [
      { SNAPSHOT_LOCK: 'governance', SNAPSHOT_LOCK_DAYS: '30', SNAPSHOT_COOL_OFF_HOURS: '24' },
      { lock: { mode: 'governance', days: 30, words: 'governance mode for 30 days' } },
    ],
    [
      { SNAPSHOT_LOCK: 'compliance', SNAPSHOT_LOCK_DAYS: '7', SNAPSHOT_COOL_OFF_HOURS: '24' },
      {
        lock: {
          mode: 'compliance',
          days: 7,
          coolOffHours: 24,
          words: 'compliance mode for 7 days, which can be undone for 24 hours',
        },
      },
    ],
    [
      { SNAPSHOT_LOCK: 'compliance', SNAPSHOT_LOCK_DAYS: '7', SNAPSHOT_COOL_OFF_HOURS: '0' },
      { lock: { mode: 'compliance', days: 7, words: 'compliance mode for 7 days' } },
    ],
    [{ EVIDENCE_ACCOUNT_ID: '999988887777' }, { lock: undefined, accountId: '999988887777' }],
  ])('for snapshots: %j', (variables, settings) => {
    expect(readEvidenceSettings(variables as never)).toMatchObject(settings);
  });

  const blocking = {
    BLOCK_NETWORK_ACL_ID: 'acl-0123456789abcdef0',
    BLOCK_MINUTES: '60',
    WIDEST_IPV4_PREFIX: '24',
    WIDEST_IPV6_PREFIX: '48',
  };

  test('for blocks are numbers', () => {
    expect(readBlockSettings(blocking as never)).toEqual({
      BLOCK_NETWORK_ACL_ID: 'acl-0123456789abcdef0',
      BLOCK_MINUTES: 60,
      WIDEST_IPV4_PREFIX: 24,
      WIDEST_IPV6_PREFIX: 48,
    });
    expect(readBlockSettings({ ...blocking, BLOCK_NETWORK_ACL_ID: '' } as never).BLOCK_NETWORK_ACL_ID).toBe('');
    expect(readGroupLimit({ BLOCK_GROUP_LIMIT: '20' } as never)).toBe(20);
  });

  test.each([
    ['BLOCK_NETWORK_ACL_ID', 'acl-1', 'the ID of a network ACL, or nothing'],
    ['BLOCK_NETWORK_ACL_ID', 'xacl-0123456789abcdef0', 'the ID of a network ACL, or nothing'],
    ['BLOCK_NETWORK_ACL_ID', 'acl-0123456789abcdef01', 'the ID of a network ACL, or nothing'],
    ['BLOCK_MINUTES', '1h', 'a whole number'],
    ['BLOCK_MINUTES', 'x1', 'a whole number'],
    ['WIDEST_IPV4_PREFIX', '', 'a whole number'],
    ['WIDEST_IPV6_PREFIX', '-1', 'a whole number'],
  ])('for blocks name the variable that is wrong: %s=%j', (name, value, expected) => {
    expect(() => readBlockSettings({ ...blocking, [name]: value } as never)).toThrow(
      `environment.${name}: expected ${expected}`,
    );
  });

  test.each<[string | undefined, string[], string[]]>([
    [undefined, [], []],
    ['', [], []],
    ['198.51.100.7', [], ['198.51.100.7/32']],
    [
      ' pl-01234567 , 2001:DB8::/32,203.0.113.0/28,pl-0123456789abcdef0 ',
      ['pl-01234567', 'pl-0123456789abcdef0'],
      ['2001:db8::/32', '203.0.113.0/28'],
    ],
  ])('never block %j', (NEVER_BLOCK, prefixListIds, cidrs) => {
    expect(readNeverBlock({ NEVER_BLOCK } as never)).toEqual({ prefixListIds, cidrs });
  });

  test.each([
    'pl-1',
    'pl-0123456789',
    '198.51.100.7/1234',
    'office',
    '198.51.100.7 203.0.113.1',
    '198.51.100.7,,203.0.113.1',
  ])('refuse a list of what is never blocked that cannot be read whole: %j', (NEVER_BLOCK) => {
    expect(() => readNeverBlock({ NEVER_BLOCK } as never)).toThrow(
      'environment.NEVER_BLOCK: expected CIDR blocks and prefix list IDs (pl-…), with commas between them',
    );
  });

  test('refuse an item that only looks like a CIDR block', () => {
    expect(() => readNeverBlock({ NEVER_BLOCK: '198.51.100.999' } as never)).toThrow(
      expect.objectContaining({ name: 'NotACidrError' }),
    );
  });
});
