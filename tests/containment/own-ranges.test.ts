import { readOwnRanges } from '../../functions/containment/own-ranges';
import { ec2 } from '../../functions/shared/clients/ec2';
import { ipRanges } from '../../functions/shared/clients/ip-ranges';
import { type Answers, answering, awsError } from '../fixtures/answering';
import { setEnvironment } from '../fixtures/lambda';

const nothing: Answers = {
  DescribeVpcs: () => ({}),
  DescribeVpcPeeringConnections: () => ({}),
  DescribeAddresses: () => ({}),
  DescribeNatGateways: () => ({}),
  DescribeNetworkInterfaces: () => ({}),
  DescribeVpnConnections: () => ({}),
  DescribeCustomerGateways: () => ({}),
  DescribeManagedPrefixLists: () => ({}),
};
let answers: Answers;
let asked: [string, unknown][];
beforeEach(() => {
  setEnvironment();
  answers = { ...nothing };
  asked = answering(ec2, () => answers);
});
afterEach(() => {
  for (const name of ['NEVER_BLOCK', 'IP_RANGES_URL']) delete process.env[name];
});

test('an account without anything has no ranges', async () => {
  expect(await readOwnRanges()).toEqual([]);
});

test.each<[string, Answers, string[]]>([
  [
    'a VPC',
    {
      DescribeVpcs: () => ({
        Vpcs: [
          {
            CidrBlock: '10.0.0.0/16',
            CidrBlockAssociationSet: [{ CidrBlock: '10.1.0.0/16' }],
            Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56' }],
          },
        ],
      }),
    },
    ['10.0.0.0/16', '10.1.0.0/16', '2001:db8::/56'],
  ],
  [
    'a peered VPC',
    {
      DescribeVpcPeeringConnections: () => ({
        VpcPeeringConnections: [
          {
            Status: { Code: 'active' },
            AccepterVpcInfo: { CidrBlock: '10.2.0.0/16', CidrBlockSet: [{ CidrBlock: '10.3.0.0/16' }] },
            RequesterVpcInfo: { Ipv6CidrBlockSet: [{ Ipv6CidrBlock: '2001:db8:1::/56' }] },
          },
        ],
      }),
    },
    ['10.2.0.0/16', '10.3.0.0/16', '2001:db8:1::/56'],
  ],
  [
    'an Elastic IP of this account',
    { DescribeAddresses: () => ({ Addresses: [{ PublicIp: '203.0.113.1' }, {}] }) },
    ['203.0.113.1'],
  ],
  [
    'a NAT gateway',
    {
      DescribeNatGateways: () => ({
        NatGateways: [{ State: 'available', NatGatewayAddresses: [{ PublicIp: '203.0.113.2' }] }, { State: 'pending' }],
      }),
    },
    ['203.0.113.2'],
  ],
  [
    'a VPN tunnel',
    {
      DescribeVpnConnections: () => ({
        VpnConnections: [
          {
            State: 'available',
            Options: { TunnelOptions: [{ OutsideIpAddress: '203.0.113.3' }] },
            VgwTelemetry: [{ OutsideIpAddress: '203.0.113.4' }],
          },
          {},
        ],
      }),
    },
    ['203.0.113.3', '203.0.113.4'],
  ],
  [
    'a customer gateway of a VPN',
    { DescribeCustomerGateways: () => ({ CustomerGateways: [{ State: 'available', IpAddress: '203.0.113.5' }] }) },
    ['203.0.113.5'],
  ],
  [
    'an address of this account',
    {
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: [
          { Association: { PublicIp: '203.0.113.6' }, Ipv6Addresses: [{ Ipv6Address: '2001:db8:2::1' }] },
          { Description: 'The ELB of a friend', InterfaceType: 'interface' },
        ],
      }),
    },
    ['203.0.113.6', '2001:db8:2::1'],
  ],
  [
    'a load balancer',
    {
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: [
          { Description: 'ELB app/web/1', Association: { PublicIp: '203.0.113.7' } },
          { InterfaceType: 'network_load_balancer', Association: { PublicIp: '203.0.113.8' } },
        ],
      }),
    },
    ['203.0.113.7', '203.0.113.8'],
  ],
])('%s is ours', async (what, has, cidrs) => {
  answers = { ...nothing, ...has };

  expect(await readOwnRanges()).toEqual(cidrs.map((cidr) => ({ what, cidr })));
});

test.each(['deleted', 'rejected', 'expired', 'failed'])('what is %s is no longer ours', async (state) => {
  answers = {
    ...nothing,
    DescribeVpcPeeringConnections: () => ({
      VpcPeeringConnections: [{ Status: { Code: state }, AccepterVpcInfo: { CidrBlock: '10.2.0.0/16' } }],
    }),
    DescribeNatGateways: () => ({
      NatGateways: [{ State: state, NatGatewayAddresses: [{ PublicIp: '203.0.113.2' }] }],
    }),
    DescribeVpnConnections: () => ({
      VpnConnections: [{ State: state, VgwTelemetry: [{ OutsideIpAddress: '203.0.113.4' }] }],
    }),
    DescribeCustomerGateways: () => ({ CustomerGateways: [{ State: state, IpAddress: '203.0.113.5' }] }),
  };

  expect(await readOwnRanges()).toEqual([]);
});

test('what is about to be deleted is still ours', async () => {
  answers.DescribeNatGateways = () => ({
    NatGateways: [{ State: 'deleting', NatGatewayAddresses: [{ PublicIp: '203.0.113.2' }] }],
  });

  expect(await readOwnRanges()).toHaveLength(1);
});

test.each(Object.keys(nothing))('a read that fails is an error, so that nothing is blocked: %s', async (name) => {
  answers[name] = () => {
    throw awsError('UnauthorizedOperation');
  };

  await expect(readOwnRanges()).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
});

test('every page is read, of a thousand at most', async () => {
  answers.DescribeVpcs = ({ NextToken }: { NextToken?: string }) =>
    NextToken ? { Vpcs: [{ CidrBlock: '10.1.0.0/16' }] } : { Vpcs: [{ CidrBlock: '10.0.0.0/16' }], NextToken: 'more' };

  expect((await readOwnRanges()).map(({ cidr }) => cidr)).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
  expect(asked.filter(([name]) => name === 'DescribeVpcs').map(([, input]) => input)).toEqual([
    { NextToken: undefined, MaxResults: 1000 },
    { NextToken: 'more', MaxResults: 1000 },
  ]);
});

test('what the stage never blocks counts as that, with the entries of its prefix lists', async () => {
  process.env.NEVER_BLOCK = '10.0.0.0/16, pl-0123456789abcdef0';
  answers.DescribeVpcs = () => ({ Vpcs: [{ CidrBlock: '10.0.0.0/16' }] });
  answers.GetManagedPrefixListEntries = ({ PrefixListId }: { PrefixListId: string }) => ({
    Entries: PrefixListId === 'pl-0123456789abcdef0' ? [{ Cidr: '203.0.113.0/28' }] : [],
  });

  const ranges = (await readOwnRanges()).sort((a, b) => a.cidr.localeCompare(b.cidr));
  expect(ranges).toEqual(
    ['10.0.0.0/16', '203.0.113.0/28'].map((cidr) => ({
      what: 'on the never-block list of this stage',
      cidr,
      kind: 'never',
    })),
  );
});

describe('a managed prefix list', () => {
  const list = (change: object) => {
    const PrefixLists = [{ PrefixListId: 'pl-1', PrefixListName: 'office', OwnerId: '123456789012', ...change }];
    answers.DescribeManagedPrefixLists = () => ({ PrefixLists });
    answers.GetManagedPrefixListEntries = () => ({ Entries: [{ Cidr: '203.0.113.0/28' }, {}] });
  };
  const cidr = '203.0.113.0/28';

  test.each<[object, object[]]>([
    [{ State: 'create-complete' }, [{ what: 'in the managed prefix list office', cidr }]],
    [{ State: 'modify-in-progress' }, [{ what: 'in the managed prefix list office', cidr }]],
    [{ PrefixListName: undefined }, [{ what: 'in the managed prefix list pl-1', cidr }]],
    [
      { OwnerId: 'AWS', PrefixListName: 'com.amazonaws.s3' },
      [{ what: 'an AWS service (com.amazonaws.s3)', cidr, kind: 'aws' }],
    ],
    [{ OwnerId: '999988887777' }, []],
    [{ OwnerId: undefined }, []],
    [{ PrefixListId: undefined }, []],
    [{ State: 'create-in-progress' }, []],
    [{ State: 'create-failed' }, []],
    [{ State: 'delete-in-progress' }, []],
  ])('with %j counts as %j', async (change, ranges) => {
    list(change);

    expect(await readOwnRanges()).toEqual(ranges);
  });
});

describe('the ranges of AWS services', () => {
  const read = (text: string | (() => Promise<string>)) =>
    jest.spyOn(ipRanges, 'read').mockImplementation(typeof text === 'string' ? async () => text : text);
  const document = {
    prefixes: [
      { ip_prefix: '198.51.100.0/24', service: 'S3' },
      { ip_prefix: '203.0.113.0/24', service: 'EC2' },
      { ip_prefix: '192.0.2.0/24', service: 'AMAZON' },
    ],
    ipv6_prefixes: [{ ipv6_prefix: '2001:DB8::/32', service: 'ROUTE53' }],
  };
  beforeEach(() => {
    process.env.IP_RANGES_URL = 'https://ip-ranges.amazonaws.com/ip-ranges.json';
    // What a container has read before counts for the reader that it was read with.
    ipRanges.read = async () => '';
  });
  afterEach(() => jest.useRealTimers());

  test('are read where the stage wants them, those of customers left out', async () => {
    read(JSON.stringify(document));

    expect(await readOwnRanges()).toEqual([
      { what: 'an AWS service (S3)', cidr: '198.51.100.0/24', kind: 'aws' },
      { what: 'an AWS service (ROUTE53)', cidr: '2001:db8::/32', kind: 'aws' },
    ]);
  });

  test.each<[string, string, string]>([
    ['is no JSON', '<html>', 'SyntaxError'],
    ['is another document', '{"prefixes":[]}', 'InvalidInputError'],
    [
      'has something else than ranges',
      JSON.stringify({ ...document, prefixes: [{ ip_prefix: 'x', service: 'S3' }] }),
      'NotACidrError',
    ],
  ])('are unknown of every address where what is read %s', async (_what, text, why) => {
    read(text);
    const what = `what may be an AWS service (ip-ranges.json could not be read: ${why})`;

    expect(await readOwnRanges()).toEqual(['0.0.0.0/0', '::/0'].map((cidr) => ({ what, cidr, kind: 'aws' })));
  });

  test('are kept for six hours, and for a week where they cannot be read again', async () => {
    const start = new Date('2026-11-24T02:00:00.000Z').getTime();
    const at = (hours: number) =>
      jest.useFakeTimers({ now: start + hours * 3_600_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
    let isDown = false;
    const reading = read(async () => {
      if (isDown) throw new Error('no answer');
      return JSON.stringify(document);
    });
    at(0);
    await readOwnRanges();
    at(5.99);
    await readOwnRanges();
    expect(reading).toHaveBeenCalledTimes(1);
    at(6);
    await readOwnRanges();
    expect(reading).toHaveBeenCalledTimes(2);
    isDown = true;
    at(6 + 7 * 24 - 0.01);
    expect((await readOwnRanges())[0]).toMatchObject({ what: 'an AWS service (S3)' });
    at(6 + 7 * 24);
    expect((await readOwnRanges())[0]).toMatchObject({ cidr: '0.0.0.0/0' });
  });
});
