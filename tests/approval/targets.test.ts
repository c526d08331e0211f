import { covers } from '../../functions/approval/covers';
import { hashOf } from '../../functions/approval/plan';
import { targetIn } from '../../functions/approval/state';
import { leastNeeded, subjects, type Target, wordsOf } from '../../functions/approval/targets';

const instanceId = 'i-0123456789abcdef0';
const profileArn = 'arn:aws:iam::123456789012:instance-profile/db';
const isolate: Target<'isolate'> = {
  instanceId,
  networkInterfaceIds: ['eni-1', 'eni-2'],
  volumes: 1,
  addresses: 0,
  swapProfile: false,
};
const block: Target<'block'> = { cidrs: ['198.51.100.7/32'], minutes: 60, networkAclId: 'acl-1' };

describe('the words of a request are made of its target', () => {
  const cutOff =
    'cut off all traffic of 2 network interfaces (eni-1, eni-2) and of any attached later. A release restores everything.';
  const before = 'turn termination protection on, take it out of service';

  test.each<[string, Partial<typeof isolate>, string]>([
    ['as little as an isolation does', {}, `Isolate ${instanceId}: snapshot 1 volume, ${before}, ${cutOff}`],
    ['several volumes', { volumes: 3 }, `Isolate ${instanceId}: snapshot 3 volumes, ${before}, ${cutOff}`],
    [
      'addresses to detach',
      { addresses: 1 },
      `Isolate ${instanceId}: snapshot 1 volume, ${before}, ${cutOff.replace('.', ', detach 1 Elastic IP.')}`,
    ],
    [
      'a profile to replace',
      { swapProfile: true },
      `Isolate ${instanceId}: snapshot 1 volume, ${before}, ${cutOff.replace('.', ', replace its instance profile with one that allows nothing.')}`,
    ],
  ])('isolate: %s', (_what, change, words) => {
    expect(wordsOf('isolate', { ...isolate, ...change })).toBe(words);
  });

  test('revoking sessions says whom else it affects', () => {
    expect(wordsOf('revoke-sessions', { instanceId, profileArn })).toBe(
      `Revoke all sessions of the role in ${profileArn}. This affects everyone who uses the role, not only this instance.`,
    );
  });

  test('a block says where, and for how long', () => {
    expect(wordsOf('block', block)).toBe(
      "Block 198.51.100.7/32 for 60 minutes in the network ACL acl-1 (both directions) and the stage's WAF IP set.",
    );
    expect(wordsOf('block', { cidrs: ['198.51.100.7/32', '203.0.113.0/28'], minutes: 5 })).toBe(
      "Block 198.51.100.7/32, 203.0.113.0/28 for 5 minutes in the stage's WAF IP set.",
    );
  });

  test('an installation says whether it reboots', () => {
    expect(wordsOf('install', { instanceId, reboot: 'NoReboot' })).toBe(
      `Install missing patches on ${instanceId}, without a reboot.`,
    );
    expect(wordsOf('install', { instanceId, reboot: 'RebootIfNeeded' })).toBe(
      `Install missing patches on ${instanceId}, with a reboot if needed.`,
    );
  });
});

test('a move to another host says what EC2 has planned, and covers that instance and that event alone', () => {
  const target = { instanceId, code: 'instance-retirement', notBefore: '2026-12-01T00:00:00.000Z' };

  expect(wordsOf('move-host', target)).toBe(
    `Stop and start ${instanceId} now, which moves it to another host: EC2 has planned instance-retirement, not before 2026-12-01T00:00:00.000Z.`,
  );
  expect(covers<'move-host'>(target, { subject: 'move-host', instanceId, code: target.code })).toBe(true);
  expect(covers<'move-host'>(target, { subject: 'move-host', instanceId, code: 'system-reboot' })).toBe(false);
  expect(covers<'move-host'>(target, { subject: 'move-host', instanceId: 'i-0000000b', code: target.code })).toBe(
    false,
  );
});

test('each subject has words, and there are no others', () => {
  expect(subjects).toEqual(['isolate', 'revoke-sessions', 'block', 'install', 'move-host', 'release']);
});

describe('a request covers', () => {
  test('the isolation of its instance alone', () => {
    expect(covers(isolate, { subject: 'isolate', instanceId })).toBe(true);
    expect(covers(isolate, { subject: 'isolate', instanceId: 'i-other' })).toBe(false);
  });

  test.each([
    [instanceId, profileArn, true],
    ['i-other', profileArn, false],
    [instanceId, 'arn:aws:iam::123456789012:instance-profile/other', false],
  ])('the sessions of one profile on one instance: %s, %s: %s', (on, of, is) => {
    const change = { subject: 'revoke-sessions' as const, instanceId: on, profileArn: of };

    expect(covers<'revoke-sessions'>({ instanceId, profileArn }, change)).toBe(is);
  });

  test.each([
    ['198.51.100.7/32', 60, true],
    ['203.0.113.0/28', 60, true],
    ['198.51.100.8/32', 60, false],
    ['198.51.100.7/32', 61, false],
  ])('the block of an address that it names, for its minutes: %s for %d: %s', (cidr, minutes, is) => {
    const asked = { ...block, cidrs: ['198.51.100.7/32', '203.0.113.0/28'] };

    expect(covers<'block'>(asked, { subject: 'block', cidr, minutes })).toBe(is);
  });

  test.each([
    [instanceId, 'NoReboot', true],
    ['i-other', 'NoReboot', false],
    [instanceId, 'RebootIfNeeded', false],
  ])('an installation on one instance with its reboot: %s, %s: %s', (on, reboot, is) => {
    const asked: Target<'install'> = { instanceId, reboot: 'NoReboot' };

    expect(covers<'install'>(asked, { subject: 'install', instanceId: on, reboot })).toBe(is);
  });
});

describe('the hash of a plan', () => {
  const plan = { playbook: 'isolate-instance', executionId: 'execution', subject: 'isolate' as const, target: isolate };
  const hash = hashOf(plan);

  test('is SHA-256 in hexadecimal', () => expect(hash).toMatch(/^[0-9a-f]{64}$/));

  test('does not depend on the order of the fields, nor on fields that are undefined', () => {
    const turned = Object.fromEntries(Object.entries(isolate).reverse()) as typeof isolate;

    expect(hashOf({ ...plan, target: turned })).toBe(hash);
    expect(hashOf({ ...plan, target: { ...isolate, more: undefined } as never })).toBe(hash);
  });

  test.each<[string, Partial<typeof plan>]>([
    ['playbook', { playbook: 'release-instance' }],
    ['execution', { executionId: 'another' }],
    ['instance', { target: { ...isolate, instanceId: 'i-other' } }],
    ['interfaces', { target: { ...isolate, networkInterfaceIds: ['eni-1'] } }],
    ['profile', { target: { ...isolate, swapProfile: true } }],
  ])('differs with another %s', (_what, change) => {
    expect(hashOf({ ...plan, ...change })).not.toBe(hash);
  });

  test('differs between subjects with the same target', () => {
    const target = { instanceId, reboot: 'NoReboot' as const, profileArn };
    const base = { playbook: 'p', executionId: 'e', target };

    expect(hashOf({ ...base, subject: 'install' })).not.toBe(hashOf({ ...base, subject: 'revoke-sessions' }));
  });
});

describe('the target of a request is read from the state of its execution', () => {
  const environment = {
    interfaces: [{ networkInterfaceId: 'eni-1' }, { networkInterfaceId: 'eni-2' }],
    volumes: [{}],
    addresses: [{}, {}],
    profile: { arn: profileArn },
  };
  const isolationPlan = { detachAddresses: false, swapProfile: true };

  test('an isolation counts addresses only where it detaches them', () => {
    const state = { instanceId, environment, isolationPlan };

    expect(targetIn('isolate', state)).toEqual({ ...isolate, swapProfile: true });
    expect(
      targetIn('isolate', { ...state, isolationPlan: { detachAddresses: true, swapProfile: false } }),
    ).toMatchObject({ addresses: 2, swapProfile: false });
  });

  test('of the other subjects', () => {
    expect(targetIn('revoke-sessions', { instanceId, environment })).toEqual({ instanceId, profileArn });
    expect(
      targetIn('block', {
        block: { cidr: '198.51.100.7/32', minutes: 60, family: 'IPv4' },
        eligibility: { networkAclId: 'acl-1', verdict: 'ELIGIBLE' },
      }),
    ).toEqual(block);
    expect(
      targetIn('block', { block: { cidr: '198.51.100.7/32', minutes: 60 }, eligibility: { verdict: 'ELIGIBLE' } }),
    ).toEqual({ cidrs: ['198.51.100.7/32'], minutes: 60 });
    expect(targetIn('install', { instanceId, request: { operation: 'install', reboot: 'NoReboot' } })).toEqual({
      instanceId,
      reboot: 'NoReboot',
    });
  });

  test.each<[Parameters<typeof targetIn>[0], unknown, string]>([
    ['isolate', { instanceId, environment }, 'input.incident.isolationPlan'],
    ['isolate', { environment, isolationPlan }, 'input.incident.instanceId'],
    ['revoke-sessions', { instanceId, environment: {} }, 'input.incident.environment.profile'],
    ['block', { block: { cidr: '198.51.100.7/32' }, eligibility: {} }, 'input.incident.block.minutes'],
    ['install', { instanceId, request: { operation: 'scan', reboot: 'NoReboot' } }, 'input.incident.request.operation'],
    ['install', { instanceId, request: { operation: 'install', reboot: 'Maybe' } }, 'input.incident.request.reboot'],
  ])('%s without what it needs names the field', (subject, state, field) => {
    expect(() => targetIn(subject, state)).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', message: expect.stringContaining(field) }),
    );
  });
});

describe('what a stage adds to an isolation', () => {
  const added = {
    switchMetadataOff: true,
    endSessions: true,
    snapshotLock: 'compliance mode for 30 days',
    evidenceAccountId: '999988887777',
  };

  test('is in the words, with what a release leaves as it is', () => {
    expect(wordsOf('isolate', { ...isolate, ...added })).toBe(
      `Isolate ${instanceId}: snapshot 1 volume, lock the snapshots in compliance mode for 30 days, share them with account 999988887777, turn termination protection on, take it out of service, cut off all traffic of 2 network interfaces (eni-1, eni-2) and of any attached later, switch its instance metadata service off, end its open sessions of Systems Manager. A release restores everything but these sessions and leaves the snapshots as they are.`,
    );
  });

  test.each([{ snapshotLock: added.snapshotLock }, { evidenceAccountId: added.evidenceAccountId }])(
    'leaves the snapshots as they are on a release: %j',
    (one) => {
      expect(wordsOf('isolate', { ...isolate, ...one })).toMatch(/ and leaves the snapshots as they are\.$/);
    },
  );

  test('is in the target, from the plan of the isolation', () => {
    const environment = { interfaces: [], volumes: [], addresses: [{}] };
    const state = (plan: object) => ({
      instanceId,
      environment,
      isolationPlan: { detachAddresses: false, swapProfile: false, ...plan },
    });

    expect(targetIn('isolate', state(added))).toMatchObject(added);
    expect(Object.keys(targetIn('isolate', state({ switchMetadataOff: false, endSessions: false })))).toEqual(
      Object.keys(isolate),
    );
  });

  test.each<[Partial<typeof added>, Parameters<typeof covers<'isolate'>>[1]['part'], boolean]>([
    [{}, undefined, true],
    [{ switchMetadataOff: true }, 'switchMetadataOff', true],
    [{ endSessions: true }, 'switchMetadataOff', false],
    [{ switchMetadataOff: false }, 'switchMetadataOff', false],
    [{}, 'endSessions', false],
    [{ snapshotLock: 'a' }, { snapshotLock: 'a' }, true],
    [{ snapshotLock: 'a' }, { snapshotLock: 'b' }, false],
    [{}, { snapshotLock: 'a' }, false],
    [{ evidenceAccountId: '1' }, { evidenceAccountId: '1' }, true],
    [{ evidenceAccountId: '1' }, { evidenceAccountId: '2' }, false],
  ])('is covered only where it was asked: %j, %j: %s', (asked, part, is) => {
    const change = { subject: 'isolate' as const, instanceId, ...(part ? { part } : {}) };

    expect(covers<'isolate'>({ ...isolate, ...asked }, change)).toBe(is);
  });
});

describe('a block of addresses of AWS services', () => {
  const cidr = '198.51.100.7/32';
  const awsRanges = [
    { cidr, what: 'S3 in us-east-1' },
    { cidr: '203.0.113.0/28', what: 'EC2 in us-east-1' },
  ];
  const asked = { cidrs: [cidr, '203.0.113.0/28', '192.0.2.1/32'], minutes: 60, awsRanges };

  test('says which services it may cut off', () => {
    expect(wordsOf('block', asked)).toBe(
      `Block ${asked.cidrs.join(', ')} for 60 minutes in the stage's WAF IP set. ${cidr} overlaps S3 in us-east-1: this may cut you off from it. 203.0.113.0/28 overlaps EC2 in us-east-1: this may cut you off from it.`,
    );
  });

  test('takes two people, any other block one', () => {
    expect(leastNeeded('block', asked)).toBe(2);
    expect(leastNeeded('block', { ...asked, awsRanges: [] })).toBe(1);
    expect(leastNeeded('block', { ...asked, awsRanges: undefined })).toBe(1);
    expect(leastNeeded('block', block)).toBe(1);
    expect(leastNeeded('isolate', isolate)).toBe(1);
  });

  test.each([
    [cidr, true, true],
    ['192.0.2.1/32', false, true],
    ['192.0.2.1/32', true, false],
  ])('covers %s of AWS (%s) only where the request named the service: %s', (one, isAws, is) => {
    expect(covers<'block'>(asked, { subject: 'block', cidr: one, minutes: 60, isAws })).toBe(is);
  });

  test('covers no address of AWS when the request named none', () => {
    expect(covers<'block'>(block, { subject: 'block', cidr, minutes: 60, isAws: true })).toBe(false);
  });

  test('and all that the guard found come from the state of the execution', () => {
    const state = {
      block: { cidr, minutes: 60, more: [{ cidr: '203.0.113.0/28' }] },
      eligibility: { awsRanges },
    };

    expect(targetIn('block', state)).toEqual({ cidrs: [cidr, '203.0.113.0/28'], minutes: 60, awsRanges });
  });
});

test('a block of more than three addresses counts them first', () => {
  const cidrs = [1, 2, 3, 4].map((n) => `192.0.2.${n}/32`);

  expect(wordsOf('block', { cidrs: cidrs.slice(0, 3), minutes: 5 })).toBe(
    "Block 192.0.2.1/32, 192.0.2.2/32, 192.0.2.3/32 for 5 minutes in the stage's WAF IP set.",
  );
  expect(wordsOf('block', { cidrs, minutes: 5 })).toBe(
    `Block 4 addresses for 5 minutes in the stage's WAF IP set: ${cidrs.join(', ')}.`,
  );
  expect(wordsOf('block', { cidrs, minutes: 5, networkAclId: 'acl-1' })).toBe(
    `Block 4 addresses for 5 minutes in the network ACL acl-1 (both directions) and the stage's WAF IP set, in the network ACL as many as it has room for: ${cidrs.join(', ')}.`,
  );
});

describe('a release', () => {
  const isolatedBy = `inc-${'0'.repeat(20)}`;
  const target = { instanceId, isolatedBy, kinds: ['interface', 'address', 'new-kind'] };

  test('says what it restores; a kind without words is said as it is', () => {
    expect(wordsOf('release', target)).toBe(
      `Release ${instanceId} from the isolation of incident ${isolatedBy}: restore its security groups, its Elastic IPs, new-kind. It is connected to the network again, as it was before.`,
    );
  });

  test('names each kind of change once, from the state of its execution', () => {
    const changes = ['interface', 'address', 'interface', 'new-kind'].map((kind) => ({ kind, id: 'eni-1' }));

    expect(targetIn('release', { instanceId, isolatedBy, release: { changes } })).toEqual(target);
  });

  test.each([
    [instanceId, isolatedBy, true],
    ['i-other', isolatedBy, false],
    [instanceId, 'inc-other', false],
  ])('covers one instance and one isolation: %s, %s: %s', (on, by, is) => {
    expect(covers<'release'>(target, { subject: 'release', instanceId: on, isolatedBy: by })).toBe(is);
  });
});

test('a move without a date names none, and its target is what EC2 has planned', () => {
  const planned = { code: 'instance-stop', notBefore: '2026-12-01T00:00:00.000Z' };

  expect(wordsOf('move-host', { instanceId, code: 'instance-stop' })).toMatch(/: EC2 has planned instance-stop\.$/);
  expect(targetIn('move-host', { instanceId, eligibility: { planned } })).toEqual({ instanceId, ...planned });
});
