import type { Flow } from '../../drill/cloud/ec2/flows';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const yes = { subject: 'isolate', answer: 'yes' } as const;
const interfaces = ['eni-00000000000000001', 'eni-00000000000000002', 'eni-00000000000000003'].map(
  (networkInterfaceId, index) => ({
    networkInterfaceId,
    securityGroups: [`sg-0000000000000000${index}`, 'sg-0a1b2c3d4e5f60718'],
  }),
);
const profile = 'arn:aws:iam::123456789012:instance-profile/web';

const infected: Given = {
  playbook: 'isolate-instance',
  starts: { by: 'manual' },
  fleet: [{ instanceId, networkInterfaces: interfaces, iamInstanceProfileArn: profile }],
};

test('an isolated instance is CONTAINED: evidence is kept and every interface is cut off', async () => {
  const result = await drill({ ...infected, answers: [yes] });
  const incident = onlyIncident(result);

  expect(incident.reason).toMatch(/3 network interfaces cut off/);
  expect(incident.outcome).toBe('CONTAINED');
  expect(effects(result, 'CreateSnapshots')).toBe(1);
  expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(6);
  expect(result.executions[0]?.status).toBe('SUCCEEDED');
});

test('row 28: a one-step swap leaves a tracked flow alive, and the two steps of the playbook cut it', async () => {
  let ours: Flow | undefined;
  let oneStep: Flow | undefined;
  await drill({ ...infected, answers: [yes] }, ({ cloud }: Stack) => {
    const { flows } = cloud.ec2.interfaces;
    const other = cloud.ec2.launch({ networkInterfaces: [{ networkInterfaceId: 'eni-00000000000000009' }] });
    const closed = cloud.ec2.groups.create('closed', cloud.ec2.find(other)!.spec.vpcId, 'no rule', new Map());
    closed.egress = [];
    ours = flows.open(interfaces[0]!.networkInterfaceId, '198.51.100.7', false);
    oneStep = flows.open('eni-00000000000000009', '198.51.100.7', false);
    cloud.ec2.interfaces.setGroups('eni-00000000000000009', [closed.id]);
  });

  expect(oneStep?.alive).toBe(true);
  expect(ours?.alive).toBe(false);
});

const denied = {
  name: 'api-denied',
  command: 'ModifyNetworkInterfaceAttribute',
  resource: interfaces[1]!.networkInterfaceId,
};

test('row 27: with a failure on the second of three interfaces it ends PARTIAL and red, with the originals of all saved', async () => {
  const result = await drill({ ...infected, answers: [yes], faults: [denied] });
  const incident = onlyIncident(result);

  expect(incident.outcome).toBe('PARTIAL');
  expect(incident.reason).toContain(`${interfaces[1]!.networkInterfaceId} is not cut off`);
  expect(incident.reason).not.toContain(`${interfaces[2]!.networkInterfaceId} is not cut off`);
  expect(result.executions[0]?.status).toBe('FAILED');
  for (const { networkInterfaceId, securityGroups } of interfaces) {
    const saved = result.items.find(({ sk }) => sk === `ENTRY#changed#interface#${networkInterfaceId}`);
    expect(saved?.before).toMatchObject({ groupIds: securityGroups });
  }
});

test('an interface whose cut fails gets its own groups back: it never stays open to all', async () => {
  let groups: string[] | undefined;
  const result = await drill(
    { ...infected, answers: [yes], faults: [{ ...denied, state: 'Cut flows' }] },
    ({ cloud }) => {
      groups = cloud.ec2.find(instanceId)!.interfaces[1]!.securityGroups;
      const read = () => {
        groups = cloud.ec2.find(instanceId)!.interfaces[1]!.securityGroups;
        setTimeout(read, 10_000);
      };
      read();
    },
  );

  expect(onlyIncident(result).outcome).toBe('PARTIAL');
  expect(groups).toEqual(interfaces[1]!.securityGroups);
});

test('row 29: a snapshot that fails makes it PARTIAL, never CONTAINED', async () => {
  const result = await drill({ ...infected, answers: [yes] }, ({ cloud }) => {
    cloud.ec2.snapshots.failing.add(cloud.ec2.find(instanceId)!.volumes[0]!.volumeId);
  });

  expect(onlyIncident(result)).toMatchObject({
    outcome: 'PARTIAL',
    reason: expect.stringMatching(/snapshot of vol-\w+ \(error\)/),
  });
});

describe('approval', () => {
  const changes = (result: Awaited<ReturnType<typeof drill>>) =>
    result.ledger.filter(({ effective, mutating, service }) => effective && mutating && service === 'ec2');

  test('row 48: no answer means no: nothing is changed and a person is told that nobody looked', async () => {
    const result = await drill(infected);

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'no-answer' });
    expect(changes(result)).toEqual([]);
  });

  test('a no ends the run as skipped, with who said it', async () => {
    const result = await drill({ ...infected, answers: [{ ...yes, answer: 'no' }] });

    expect(onlyIncident(result)).toMatchObject({
      outcome: 'SKIPPED',
      code: 'denied',
      reason: expect.stringContaining('Denied by arn:aws:iam::123456789012:user/alice'),
    });
    expect(changes(result)).toEqual([]);
  });

  test('a second answer is refused and changes nothing: the first one counts', async () => {
    const no = { subject: 'isolate', answer: 'no', afterMinutes: 1, by: 'bob' } as const;
    const result = await drill({ ...infected, answers: [no, { ...yes, afterMinutes: 3 }], lastsMinutes: 10 });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'denied' });
    const refused = result.logs.filter(
      (line) => line.includes('answer-approval') && line.includes('AlreadyAnsweredError'),
    );
    expect(refused).toHaveLength(1);
    expect(changes(result)).toEqual([]);
  });

  test('an answer after the timeout is refused and changes nothing', async () => {
    const result = await drill({ ...infected, answers: [{ ...yes, afterMinutes: 61 }], lastsMinutes: 70 });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'no-answer' });
    expect(result.logs.filter((line) => line.includes('AnswerTooLateError'))).toHaveLength(1);
    expect(changes(result)).toEqual([]);
  });

  test('in observe mode a yes only says what would be done', async () => {
    const result = await drill({ ...infected, mode: 'observe', answers: [yes] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'OBSERVED', code: 'would-isolate' });
    expect(changes(result)).toEqual([]);
  });

  test('the token is neither logged nor sent to anyone, and is gone once the question is answered', async () => {
    let tokens: string[] = [];
    const result = await drill({ ...infected, answers: [yes] }, ({ tokens: waiting }) => {
      const given = waiting.succeed.bind(waiting);
      waiting.succeed = (token, output) => {
        tokens = [...tokens, token];
        given(token, output);
      };
    });
    const told = [...result.logs, ...result.notices.map(({ message }) => message)].join('\n');

    expect(tokens).toHaveLength(1);
    expect(told).not.toContain(tokens[0]);
    expect(JSON.stringify(result.items)).not.toContain(tokens[0]);
  });
});

test.each([
  ['before', 2],
  ['after', 1],
  ['after', 2],
  ['after', 3],
  ['after', 6],
])(
  'a crash %s group change number %i is resumed: nothing is done twice and nothing is left open',
  async (moment, n) => {
    const faults = [{ name: `crash-${moment}-call`, command: 'ModifyNetworkInterfaceAttribute', n }];
    const result = await drill({ ...infected, answers: [yes], faults });

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(effects(result, 'CreateSnapshots')).toBe(1);
    expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(6);
  },
);

test('an instance that is not opted in is refused, and none of its attributes is read', async () => {
  const result = await drill({ ...infected, fleet: [{ instanceId, tags: {}, disableApiTermination: true }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'not-opted-in' });
  expect(result.ledger.filter(({ command }) => command === 'DescribeInstanceAttribute')).toEqual([]);
});

test('a crash after the snapshots were asked for makes no second set', async () => {
  const result = await drill({
    ...infected,
    answers: [yes],
    faults: [{ name: 'crash-after-call', command: 'CreateSnapshots' }],
  });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(effects(result, 'CreateSnapshots')).toBe(1);
});
