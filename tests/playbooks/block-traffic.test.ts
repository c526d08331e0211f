import type { Flow } from '../../drill/cloud/ec2/flows';
import { vpcRanges } from '../../drill/cloud/ec2/vpcs';
import { principalOf } from '../../drill/stack/function-url';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, onlyIncident } from '../fixtures/drill';

const acl = 'acl-0a1b2c3d4e5f60718';
const ipSet = 'id-incident-playbooks-dev-blocked-ipv4';
const cidr = '198.51.100.0/24';
const yes = { subject: 'block', answer: 'yes' } as const;

const block = (input: Record<string, unknown>, more: Given = {}): Given => ({
  playbook: 'block-traffic',
  fleet: [{}],
  starts: { by: 'manual', input },
  answers: [yes],
  variables: { BLOCK_NETWORK_ACL_ID: acl },
  ...more,
});

/** The ranges that the playbook denies, direction by direction. */
const denied = ({ cloud }: Stack) =>
  cloud.ec2.networkAcls
    .require(acl)
    .filter(({ RuleAction, RuleNumber }) => RuleAction === 'deny' && RuleNumber! < 32_767)
    .map(({ CidrBlock, Ipv6CidrBlock, Egress }) => `${CidrBlock ?? Ipv6CidrBlock} ${Egress ? 'out' : 'in'}`);

test('an approved range is denied both ways and put into the IP set, verified', async () => {
  let stack: Stack | undefined;
  const result = await drill(block({ cidr }), (up) => {
    stack = up;
  });

  expect(onlyIncident(result).outcome).toBe('BLOCKED');
  expect(denied(stack!)).toEqual([`${cidr} in`, `${cidr} out`]);
  expect(stack!.cloud.waf.addressesOf(ipSet)).toEqual([cidr]);
});

test.each([
  ['0.0.0.0/0', 'too-wide'],
  ['8.0.0.0/9', 'too-wide'],
  ['2001:db8::/32', 'too-wide'],
  ['10.0.1.0/24', 'reserved-range'],
  ['192.168.1.1', 'reserved-range'],
  ['100.64.3.0/24', 'reserved-range'],
  ['169.254.169.254', 'reserved-range'],
  ['127.0.0.1', 'reserved-range'],
  ['fe80::1', 'reserved-range'],
  ['fd00:ec2::254', 'reserved-range'],
  ['::ffff:10.0.0.1', 'reserved-range'],
  ['11.20.5.0/24', 'own-range'],
  ['2600:1f18:1234:5601::/64', 'own-range'],
  ['not an address', 'not-a-cidr'],
  ['012.1.1.1', 'not-a-cidr'],
])('row 31: %s is refused (%s) before anybody is asked', async (text, code) => {
  const result = await drill(block({ cidr: text }));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code });
  expect(effects(result, 'CreateNetworkAclEntry') + effects(result, 'UpdateIPSet')).toBe(0);
  expect(vpcRanges.peered).toBe('11.20.0.0/16');
});

test('row 31: the address of an instance of ours is refused', async () => {
  const result = await drill(block({ cidr: '203.0.113.9' }), ({ cloud, instanceIds }) => {
    cloud.ec2.addresses.all()[0]!.publicIp = '203.0.113.9';
    cloud.ec2.find(instanceIds[0]!)!.life.publicIp = '203.0.113.9';
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'own-range' });
});

test('the schedule takes away what has expired, and nothing else', async () => {
  let stack: Stack | undefined;
  const later = { playbook: 'block-traffic', afterMinutes: 3, input: { cidr: '192.0.2.7', minutes: 600 } };
  const result = await drill(
    block(
      { cidr, minutes: 30 },
      { follows: [later], answers: [yes], lastsMinutes: 60, variables: { BLOCK_NETWORK_ACL_ID: acl } },
    ),
    (up) => {
      stack = up;
      up.cloud.waf.put(ipSet, 'incident-playbooks-dev-blocked-ipv4', ['203.0.113.77/32']);
    },
  );

  expect(result.incidents[0]?.outcome).toBe('BLOCKED');
  expect(denied(stack!)).not.toContain(`${cidr} in`);
  expect(stack!.cloud.waf.addressesOf(ipSet)).toEqual(['203.0.113.77/32']);
  expect(stack!.cloud.ec2.networkAcls.require(acl).some(({ RuleNumber }) => RuleNumber === 100)).toBe(true);
});

/** Fills the ACL with rules of somebody else; with rule 100 and the default deny, 18 reach the quota of IPv4. */
function fill({ cloud }: Stack, count: number, range: object = { CidrBlock: '10.1.0.0/16' }): void {
  for (let n = 0; n < count; n++) {
    for (const Egress of [false, true])
      cloud.ec2.networkAcls
        .require(acl)
        .push({ RuleNumber: 200 + n, Egress, Protocol: '6', RuleAction: 'allow', ...range });
  }
}

test('row 30: a full ACL with nothing expired in it is refused, and the block is PARTIAL', async () => {
  const result = await drill(block({ cidr }), (stack) => fill(stack, 18));

  expect(onlyIncident(result)).toMatchObject({
    outcome: 'PARTIAL',
    reason: expect.stringContaining('none of the entries in it has expired'),
  });
  expect(effects(result, 'DeleteNetworkAclEntry')).toBe(0);
});

test('row 30: a full ACL loses its oldest expired entry to the new one', async () => {
  let stack: Stack | undefined;
  const second = { playbook: 'block-traffic', afterMinutes: 30, input: { cidr: '192.0.2.7' } };
  const result = await drill(
    block({ cidr, minutes: 5 }, { follows: [second], answers: [yes], lastsMinutes: 40 }),
    (up) => {
      stack = up;
      fill(up, 17);
      const answerAll = () => {
        const questions = up.cloud.sns.messages.filter(({ subject }) => subject?.includes('Approve block?'));
        if (questions.length < 2) return void setTimeout(answerAll, 10_000);
        void answer(up, questions[1]!.message);
      };
      answerAll();
    },
    { schedules: false },
  );

  expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['BLOCKED', 'BLOCKED']);
  expect(denied(stack!)).toEqual(['192.0.2.7/32 in', '192.0.2.7/32 out']);
});

test('row 54: rules of the other family leave room', async () => {
  let stack: Stack | undefined;
  const result = await drill(block({ cidr }), (up) => {
    stack = up;
    fill(up, 18, { Ipv6CidrBlock: '2001:db8::/32' });
  });

  expect(onlyIncident(result).outcome).toBe('BLOCKED');
  expect(denied(stack!)).toEqual([`${cidr} in`, `${cidr} out`]);
});

test('row 54: the last place is gone by the time of the second direction: none of the block stays', async () => {
  let stack: Stack | undefined;
  const result = await drill(block({ cidr }), (up) => {
    stack = up;
    fill(up, 17);
    const { networkAcls } = up.cloud.ec2;
    const theirs = { RuleNumber: 300, Egress: true, Protocol: '6', RuleAction: 'allow' as const };
    const add = networkAcls.add.bind(networkAcls);
    networkAcls.add = (id, entry) => {
      if (entry.Egress) networkAcls.require(acl).push({ ...theirs, CidrBlock: '10.1.0.0/16' });
      add(id, entry);
    };
  });

  expect(onlyIncident(result)).toMatchObject({
    outcome: 'PARTIAL',
    reason: expect.stringContaining('none of the entries in it has expired'),
  });
  expect(denied(stack!)).toEqual([]);
});

test('a denied address is cut at once, tracked or not, and no other', async () => {
  const flows: Flow[] = [];
  await drill(block({ cidr }), ({ cloud }) => {
    for (const remote of ['198.51.100.7', '203.0.113.77'])
      flows.push(cloud.ec2.interfaces.flows.open('eni-00000000000000001', remote, false));
  });

  expect(flows.map(({ alive }) => alive)).toEqual([false, true]);
});

async function answer({ urls }: Stack, message: string): Promise<void> {
  const incidentId = /inc-[0-9a-f]{20}/.exec(message)![0];
  await urls.post('incident-playbooks-dev-answer-approval', { incidentId, answer: 'yes' }, principalOf('alice'));
}

test('row 30: a lock conflict on the IP set is read again, and the other change is kept', async () => {
  let stack: Stack | undefined;
  const result = await drill(block({ cidr }), (up) => {
    stack = up;
    const { waf } = up.cloud;
    const update = waf.commands.UpdateIPSet!;
    let isFirst = true;
    Object.assign(waf.commands, {
      UpdateIPSet: {
        ...update,
        run: (input: unknown, call: never) => {
          if (isFirst) waf.touchByOthers(ipSet, '203.0.113.77/32');
          isFirst = false;
          return update.run(input, call);
        },
      },
    });
  });

  expect(onlyIncident(result).outcome).toBe('BLOCKED');
  expect(stack!.cloud.waf.addressesOf(ipSet)).toEqual(['203.0.113.77/32', cidr]);
});
