import type { DrillResult } from '../../drill/scenario/result';
import type { Stack } from '../../drill/stack/stack';
import { later } from '../../drill/time/later';
import { drill, effects, type Given, instanceId } from '../fixtures/drill';
import { findingEvent } from '../fixtures/finding';

const acl = 'acl-0a1b2c3d4e5f60718';
const yes = { subject: 'block', answer: 'yes' } as const;

const guessed = (n: number, address: string) =>
  findingEvent({ n, type: 'UnauthorizedAccess:EC2/SSHBruteForce', severity: 2, role: 'TARGET', address });
const addresses = (count: number) => Array.from({ length: count }, (_, n) => `198.51.100.${n + 1}`);
const flood = (from: readonly string[], more: Given = {}): Given => ({
  playbook: 'block-traffic',
  fleet: [{ instanceId }],
  starts: { by: 'event', events: from.map((address, n) => guessed(n, address)), secondsApart: 2 },
  variables: { BLOCK_NETWORK_ACL_ID: acl },
  lastsMinutes: 70,
  ...more,
});
const questions = ({ notices }: DrillResult) => notices.filter(({ subject }) => subject?.includes('Approve block?'));
const denied = ({ cloud }: Stack) =>
  cloud.ec2.networkAcls
    .require(acl)
    .filter(({ RuleAction, RuleNumber, Egress }) => RuleAction === 'deny' && RuleNumber! < 32_767 && !Egress)
    .map(({ CidrBlock, Ipv6CidrBlock }) => CidrBlock ?? Ipv6CidrBlock);
const tallyOf = ({ incidents }: DrillResult) => {
  const codes = incidents.map(({ code = 'open' }) => code);
  return Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]));
};

test('row 67: findings about 60 addresses are one request that lists them all', async () => {
  const result = await drill(flood(addresses(60)));

  expect(questions(result)).toHaveLength(1);
  for (const address of addresses(60)) expect(questions(result)[0]?.message).toContain(`${address}/32`);
  expect(result.notices).toHaveLength(2);
  expect(tallyOf(result)).toEqual({ 'no-answer': 1, grouped: 59 });
  const leader = result.incidents.find(({ code }) => code === 'no-answer')!;
  for (const { code, reason } of result.incidents) if (code === 'grouped') expect(reason).toContain(leader.incidentId);
});

test('row 67: an approved group is blocked address by address, each with its own expiry', async () => {
  let stack: Stack | undefined;
  const expires = { BLOCK_NETWORK_ACL_ID: acl, BLOCK_MINUTES: '20' };
  const seen: (string | undefined)[][] = [];
  const result = await drill(flood(addresses(12), { answers: [yes], variables: expires, lastsMinutes: 60 }), (up) => {
    stack = up;
    later(15 * 60_000, () => seen.push(denied(up)));
  });

  expect(seen[0]?.sort()).toEqual(
    addresses(12)
      .map((one) => `${one}/32`)
      .sort(),
  );
  expect(tallyOf(result)).toEqual({ blocked: 1, grouped: 11 });
  expect(denied(stack!)).toEqual([]);
  expect(effects(result, 'CreateNetworkAclEntry')).toBe(24);
  expect(effects(result, 'DeleteNetworkAclEntry')).toBe(24);
});

test('row 67: the network ACL takes as many as it has room for, and the end lists the others', async () => {
  let stack: Stack | undefined;
  const result = await drill(flood(addresses(30), { answers: [yes], lastsMinutes: 20 }), (up) => {
    stack = up;
  });
  const leader = result.incidents.find(({ code }) => code !== 'grouped')!;

  expect(leader).toMatchObject({ outcome: 'PARTIAL', code: 'partly-blocked' });
  expect(leader.reason).toMatch(/^The 30 ranges are only partly blocked.*acl without .*198\.51\.100\.\d+\/32.*full/);
  expect(denied(stack!)).toHaveLength(18);
  expect(stack!.cloud.waf.addressesOf('id-incident-playbooks-dev-blocked-ipv4')).toHaveLength(30);
});

test('row 67: a range that becomes ours after the request is left out, the others are blocked', async () => {
  let stack: Stack | undefined;
  const result = await drill(
    flood(addresses(3), { answers: [{ ...yes, afterMinutes: 10 }], lastsMinutes: 30 }),
    (up) => {
      stack = up;
      later(6 * 60_000, () => {
        up.cloud.ec2.find(instanceId)!.life.publicIp = '198.51.100.2';
      });
    },
  );

  expect(denied(stack!).sort()).toEqual(['198.51.100.1/32', '198.51.100.3/32']);
  const leader = result.incidents.find(({ code }) => code !== 'grouped')!;
  expect(leader.timeline.map(({ what }) => what).join('\n')).toMatch(/198\.51\.100\.2\/32 overlaps/);
});

test.each<[string, string[], number]>([
  ['IPv6', Array.from({ length: 20 }, (_, n) => `2a00:1450::${n + 1}`), 20],
  ['both families', Array.from({ length: 20 }, (_, n) => (n % 2 ? `2a00:1450::${n}` : `198.51.100.${n}`)), 20],
  ['the same address again and again', Array.from({ length: 20 }, () => '198.51.100.7'), 1],
])('row 67: a flood of %s is one request', async (_what, from, distinct) => {
  const result = await drill(flood(from));

  expect(questions(result)).toHaveLength(1);
  expect(new Set(from).size).toBe(distinct);
  for (const address of new Set(from)) expect(questions(result)[0]?.message).toContain(address);
  expect(result.notices).toHaveLength(2);
});

test('row 67: what is refused is told once, and is no part of the request', async () => {
  const result = await drill(flood(['10.0.0.1', ...addresses(5), '10.0.0.2', '10.0.0.3']));

  expect(questions(result)).toHaveLength(1);
  expect(questions(result)[0]?.message).not.toContain('10.0.0.');
  expect(tallyOf(result)).toEqual({ 'no-answer': 1, grouped: 4, 'reserved-range': 3 });
  expect(result.notices).toHaveLength(3);
});

test('row 67: addresses over the limit are told once, with their number', async () => {
  const result = await drill(
    flood(addresses(150), {
      starts: {
        by: 'event',
        events: addresses(150).map((address, n) => guessed(n, address)),
        secondsApart: 0.2,
      },
    }),
  );
  const over = result.notices.filter(({ message }) => message.includes('Not part of it'));

  expect(questions(result)).toHaveLength(1);
  expect(questions(result)[0]?.message).toContain('Block 100 addresses');
  expect(over).toHaveLength(1);
  expect(tallyOf(result)).toEqual({ 'no-answer': 1, grouped: 99, 'group-full': 50 });
});

test('row 67: a second wave waits until the first request is over, and is one request too, with the size of both', async () => {
  const events = addresses(40).map((address, n) => guessed(n, address));
  const result = await drill(
    flood([], { starts: { by: 'event', events: events.slice(0, 20), secondsApart: 1 }, lastsMinutes: 200 }),
    ({ bus }) => {
      for (const [n, event] of events.slice(20).entries())
        later((20 * 60 + n) * 1000, () => bus.publish(event as never));
    },
  );

  expect(questions(result)).toHaveLength(2);
  expect(questions(result)[1]!.at - questions(result)[0]!.at).toBeGreaterThan(50 * 60_000);
  expect(questions(result)[1]?.message).toContain('40 addresses in findings since');
  expect(result.notices).toHaveLength(4);
});

test('row 67: one finding is one request, as before', async () => {
  const result = await drill(flood(['198.51.100.9'], { answers: [yes], lastsMinutes: 10 }));

  expect(questions(result)[0]?.message).toContain('Block 198.51.100.9/32 for 1440 minutes');
  expect(tallyOf(result)).toEqual({ blocked: 1 });
});

test('a port probe from several addresses is one request for them all', async () => {
  const details = ['198.51.100.1', '198.51.100.2', '10.0.0.9'].map((ipAddressV4) => ({
    remoteIpDetails: { ipAddressV4 },
  }));
  const action = { actionType: 'PORT_PROBE', portProbeAction: { portProbeDetails: details } };
  const service = { resourceRole: 'TARGET', archived: false, action };
  const probe = findingEvent({ type: 'Recon:EC2/PortProbeUnprotectedPort', severity: 2, detail: { service } });
  let stack: Stack | undefined;
  const result = await drill(
    flood([], { starts: { by: 'event', events: [probe] }, answers: [yes], lastsMinutes: 10 }),
    (up) => {
      stack = up;
    },
  );

  expect(questions(result)[0]?.message).toContain('Block 198.51.100.1/32, 198.51.100.2/32 for');
  expect(tallyOf(result)).toEqual({ blocked: 1 });
  expect(denied(stack!).sort()).toEqual(['198.51.100.1/32', '198.51.100.2/32']);
});

test('an execution that dies while its group collects leaves no address in silence', async () => {
  const result = await drill(flood(addresses(10)), ({ bus, machines }) => {
    later(11_000, () => {
      const { id } = machines.executions[0]!;
      const stateMachineArn = id.split(':').slice(0, 7).join(':').replace(':execution:', ':stateMachine:');
      const detail = { executionArn: id, stateMachineArn, status: 'ABORTED' };
      const type = 'Step Functions Execution Status Change';
      bus.publish({ ...(findingEvent() as object), source: 'aws.states', 'detail-type': type, detail } as never);
    });
  });
  const [first] = result.incidents;
  const page = result.notices.find(({ message }) => message.includes('before the incident was closed'))!;

  expect(first).toMatchObject({ outcome: 'ESCALATED', code: 'execution-aborted' });
  expect(page.message).toContain('198.51.100.2/32 joined this request');
  for (const address of addresses(10)) {
    const isTold = result.notices.some(({ message }) => new RegExp(`${address}(/32|[^0-9])`).test(message));
    expect([address, isTold]).toEqual([address, true]);
  }
  expect(questions(result)).toHaveLength(1);
});
