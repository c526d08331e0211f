import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import type { SimulatedCloud } from '../../drill/cloud';
import { loadHandler } from '../../drill/stack/handlers';
import { later } from '../../drill/time/later';
import { table } from '../../functions/shared/clients/dynamodb';
import { accountOf } from '../fixtures/account';
import { drill, type Given, instanceId } from '../fixtures/drill';

const approvals: Given['answers'] = [
  { subject: 'isolate', answer: 'yes' },
  { subject: 'revoke-sessions', answer: 'yes' },
  { subject: 'release', answer: 'yes' },
];
const release = { playbook: 'release-instance', afterMinutes: 60, input: { isolatedBy: '{incident}' } };

/** Isolates an instance, releases it an hour later, and compares the account. */
async function isolateAndRelease(given: Given, prepare: (cloud: SimulatedCloud) => void = () => {}) {
  let cloud: SimulatedCloud | undefined;
  let before: ReturnType<typeof accountOf> | undefined;
  const result = await drill(
    {
      playbook: 'isolate-instance',
      starts: { by: 'manual' },
      answers: approvals,
      follows: [release],
      lastsMinutes: 90,
      ...given,
    },
    (stack) => {
      cloud = stack.cloud;
      prepare(stack.cloud);
      before = accountOf(stack.cloud);
    },
  );
  return { result, before, after: accountOf(cloud!) };
}

const groupId = fc.constantFrom('sg-0000000000000000a', 'sg-0000000000000000b', 'sg-0000000000000000c');
const instance = fc.record({
  interfaces: fc.array(fc.uniqueArray(groupId, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  volumes: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
  disableApiTermination: fc.boolean(),
  elasticIp: fc.boolean(),
  hasProfile: fc.boolean(),
  inGroup: fc.boolean(),
  targets: fc.integer({ min: 0, max: 2 }),
  detach: fc.boolean(),
});

test('isolation followed by release leaves the account as it was, snapshots aside', async () => {
  await fc.assert(
    fc.asyncProperty(instance, async (one) => {
      const { result, before, after } = await isolateAndRelease({
        variables: { ELASTIC_IPS: one.detach ? 'detach' : 'keep' },
        fleet: [
          {
            instanceId,
            networkInterfaces: one.interfaces.map((securityGroups, index) => ({
              networkInterfaceId: `eni-0000000000000000${index}`,
              securityGroups,
            })),
            volumes: one.volumes.map((deleteOnTermination, index) => ({
              deviceName: `/dev/xvd${'abc'[index]}`,
              deleteOnTermination,
            })),
            disableApiTermination: one.disableApiTermination,
            elasticIp: one.elasticIp,
            ...(one.hasProfile ? { iamInstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web' } : {}),
            ...(one.inGroup ? { autoScalingGroupName: 'web' } : {}),
          },
        ],
        account: {
          targetGroups: Array.from({ length: one.targets }, (_, index) => `arn:aws:elasticloadbalancing:tg-${index}`),
        },
      });

      expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
      expect(after).toEqual(before);
    }),
    { numRuns: 12, seed: 4 },
  );
});

const three: Given['fleet'] = [
  {
    instanceId,
    networkInterfaces: [1, 2, 3].map((index) => ({
      networkInterfaceId: `eni-0000000000000000${index}`,
      securityGroups: [`sg-0000000000000000${index}`, 'sg-0a1b2c3d4e5f60718'],
    })),
  },
];

test('a release after a failure on the second of three interfaces puts back byte for byte what was there', async () => {
  const faults = [
    { name: 'api-denied', command: 'ModifyNetworkInterfaceAttribute', resource: 'eni-00000000000000002' },
  ];
  const { result, before, after } = await isolateAndRelease({ fleet: three, faults });

  expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['PARTIAL', 'RELEASED']);
  expect(JSON.stringify(after)).toBe(JSON.stringify(before));
});

test('a second release changes nothing and says so', async () => {
  const again = { ...release, afterMinutes: 80 };
  const { result, before, after } = await isolateAndRelease({
    fleet: three,
    follows: [release, again],
    lastsMinutes: 100,
  });

  expect(result.incidents.map(({ outcome, code }) => [outcome, code])).toEqual([
    ['CONTAINED', 'isolated'],
    ['RELEASED', 'released'],
    ['RELEASED', 'already-released'],
  ]);
  expect(after).toEqual(before);
});

test('what somebody changed since is left alone, and named', async () => {
  const { result } = await isolateAndRelease({ fleet: three }, (cloud) => {
    setTimeout(() => cloud.ec2.interfaces.setGroups('eni-00000000000000001', ['sg-0a1b2c3d4e5f60718']), 50 * 60_000);
  });

  expect(result.incidents[1]).toMatchObject({
    outcome: 'PARTIAL',
    reason: expect.stringContaining('eni-00000000000000001'),
  });
});

test('a release of an incident that isolated nothing is rejected, saying what is missing', async () => {
  const { result } = await isolateAndRelease({
    fleet: three,
    follows: [{ ...release, input: { isolatedBy: 'inc-00000000000000000000' } }],
  });

  expect(result.incidents.at(-1)).toMatchObject({
    outcome: 'FAILED',
    reason: expect.stringContaining('no closed record'),
  });
});

describe('a release asks first', () => {
  const asks = 'Ask for approval';
  const isolated: NonNullable<Given['answers']> = [{ subject: 'isolate', answer: 'yes' }];

  test.each<[string, NonNullable<Given['answers']>, string, string]>([
    ['without an answer', [], 'ESCALATED', 'no-answer'],
    ['with a no', [{ subject: 'release', answer: 'no' }], 'SKIPPED', 'denied'],
    [
      'with a yes that nobody signed',
      [{ subject: 'release', answer: 'yes', by: 'unsigned' }],
      'ESCALATED',
      'no-answer',
    ],
    [
      'with a yes from another account',
      [{ subject: 'release', answer: 'yes', by: 'arn:aws:iam::999988887777:user/alice' }],
      'ESCALATED',
      'no-answer',
    ],
    [
      'with a yes of whoever started it',
      [{ subject: 'release', answer: 'yes', by: 'drill' }],
      'ESCALATED',
      'no-answer',
    ],
  ])('%s it restores nothing', async (_what, answers, outcome, code) => {
    const given = { fleet: three, answers: [...isolated, ...answers], lastsMinutes: 150 };
    const { result, before, after } = await isolateAndRelease(given);

    expect(result.incidents.map((one) => [one.outcome, one.code])).toEqual([
      ['CONTAINED', 'isolated'],
      [outcome, code],
    ]);
    expect(after.groups).not.toEqual(before?.groups);
  });

  test('two people, where the stage needs two', async () => {
    const two: NonNullable<Given['answers']> = (['isolate', 'release'] as const).flatMap((subject) =>
      ['alice', 'bob'].map((by, index) => ({ subject, answer: 'yes' as const, by, afterMinutes: index + 2 })),
    );
    const variables = { APPROVALS_NEEDED: '2' };
    const { result, before, after } = await isolateAndRelease({ fleet: three, answers: two, variables });
    const alone = await isolateAndRelease({ fleet: three, answers: two.filter(({ by }) => by === 'bob'), variables });

    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
    expect(after).toEqual(before);
    expect(alone.result.incidents[0]).toMatchObject({ outcome: 'ESCALATED', code: 'no-answer' });
  });

  test('unless the stage does without', async () => {
    const variables = { RELEASE_APPROVAL: 'never' };
    const { result, before, after } = await isolateAndRelease({ fleet: three, answers: isolated, variables });

    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
    expect(after).toEqual(before);
  });

  test('a restoring step that is called without a yes restores nothing', async () => {
    const refused: unknown[] = [];
    const given = { fleet: three, answers: isolated, follows: [release], lastsMinutes: 75 };
    await drill({ playbook: 'isolate-instance', starts: { by: 'manual' }, ...given }, ({ machines }) => {
      const call = async () => {
        const execution = machines.executions.find(({ machine }) => machine.endsWith('release-instance'));
        const asking = execution?.history.find((event) => event.type === 'StateEntered' && event.state === asks);
        const { incident } = (asking as { input: { incident: object } }).input;
        for (const step of ['restore-network', 'restore-instance', 'restore-sessions']) {
          const handler = await loadHandler(`functions/containment/${step}.handler`);
          const work = async () => handler({ incident, change: { kind: 'tag', id: '' } }, {});
          refused.push(await work().catch((error: Error) => error.name));
        }
      };
      later(65 * 60_000, () => void call());
    });

    expect(refused).toEqual(['NotApprovedError', 'NotApprovedError', 'NotApprovedError']);
  });
});

test('a saved state that somebody changed in the table is refused: nothing is restored, and it is said', async () => {
  const eni = 'eni-00000000000000001';
  const { result } = await isolateAndRelease({ fleet: three }, () => {
    const tamper = async () => {
      const { Items = [] } = await table.send(new ScanCommand({ TableName: 'incident-playbooks-dev-incidents' }));
      const saved = Items.find(({ sk }) => sk === `ENTRY#changed#interface#${eni}`)!;
      const before = { ...saved.before, groupIds: ['sg-00000000000000bad'] };
      await table.send(new PutCommand({ TableName: 'incident-playbooks-dev-incidents', Item: { ...saved, before } }));
    };
    later(50 * 60_000, () => void tamper());
  });

  expect(result.incidents[1]).toMatchObject({
    outcome: 'FAILED',
    reason: expect.stringContaining('not the one that the isolation recorded'),
  });
  expect(JSON.stringify(result.ledger)).not.toContain('"Groups":["sg-00000000000000bad"]');
});
