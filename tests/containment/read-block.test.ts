import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handler } from '../../functions/containment/read-block';
import { event, type LooseEvent } from '../fixtures/events';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

const spoke = '444455556666';
beforeEach(() => {
  setEnvironment({
    ...{ BLOCK_NETWORK_ACL_ID: '', BLOCK_MINUTES: '60', WIDEST_IPV4_PREFIX: '24', WIDEST_IPV6_PREFIX: '48' },
    ACCOUNT_IDS: `123456789012,${spoke}`,
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const read = (given: unknown) =>
  handler(
    { event: given, executionId: 'execution', playbook: 'block-traffic', lowestSeverity: 1 },
    lambdaContext,
  ) as Promise<Record<string, unknown>>;

describe('a manual request', () => {
  const request = { start: 'manual', cidr: '198.51.100.7', reason: 'scans', requestedBy: 'alice' };

  test('is about the range that it names, for the minutes of the stage unless it says how many', async () => {
    expect(await read(request)).toMatchObject({
      ...{ executionId: 'execution', playbook: 'block-traffic', trigger: 'manual', drill: false },
      request: { reason: 'scans', requestedBy: 'alice' },
      block: { cidr: '198.51.100.7/32', family: 'IPv4', minutes: 60 },
      pageSubject: 'PAGE ESCALATED: block-traffic 198.51.100.7/32',
    });
    expect(await read({ ...request, cidr: '2001:DB8::1/64', minutes: 5, drill: true })).toMatchObject({
      drill: true,
      block: { cidr: '2001:db8::/64', family: 'IPv6', minutes: 5 },
      pageSubject: '[DRILL] PAGE ESCALATED: block-traffic 2001:db8::/64',
    });
  });

  test('is another incident in each execution', async () => {
    const ids = await Promise.all(
      ['one', 'two'].map(async (executionId) => {
        const given = { event: request, executionId, playbook: 'block-traffic', lowestSeverity: 1 };
        return ((await handler(given, lambdaContext)) as { incidentId: string }).incidentId;
      }),
    );
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('for what is no range is refused, and says so', async () => {
    const found = await read({ ...request, cidr: '198.51.100' });

    expect(found.refusal).toEqual({
      code: 'not-a-cidr',
      reason: 'The input is neither an IP address nor a CIDR block.',
    });
    expect(found).not.toHaveProperty('block');
  });

  test.each([
    ['no minutes', { minutes: 0 }],
    ['more than 30 days', { minutes: 43_201 }],
    ['half a minute', { minutes: 0.5 }],
    ['a range of one character', { cidr: '1' }],
    ['a range that is longer than any', { cidr: '1'.repeat(50) }],
    ['no reason', { reason: undefined }],
  ])('for %s is not accepted', async (_what, change) => {
    await expect(read({ ...request, ...change })).rejects.toMatchObject({ name: 'InvalidInputError' });
  });

  test('may ask for 30 days, or for one minute', async () => {
    for (const minutes of [1, 43_200])
      expect(await read({ ...request, minutes })).toMatchObject({ block: { minutes } });
  });

  test('about another account of the stage is refused: its network ACLs are not ours', async () => {
    expect(await read({ ...request, place: { account: spoke } })).toMatchObject({
      place: { account: spoke },
      refusal: {
        code: 'no-blocks-there',
        reason: `It is about account ${spoke}; the network ACLs and IP sets of this stage are in its own.`,
      },
    });
    expect(await read({ ...request, place: { account: '123456789012' } })).not.toHaveProperty('refusal');
    expect(await read({ ...request, place: { account: '999988887777' } })).toMatchObject({
      refusal: { code: 'place-not-listed' },
    });
  });
});

describe('a finding', () => {
  const finding = (change: (given: LooseEvent) => void = () => undefined): LooseEvent => {
    const file = join(__dirname, '..', 'fixtures', 'events', 'guardduty-ssh-brute-force.json');
    const given = JSON.parse(readFileSync(file, 'utf8'));
    change(given);
    return given;
  };
  /** A finding about so many addresses: GuardDuty aggregates port probes. */
  const probes = (addresses: readonly string[]) =>
    finding(({ detail }) => {
      detail.service.action = {
        actionType: 'PORT_PROBE',
        portProbeAction: {
          portProbeDetails: addresses.map((ipAddressV4) => ({ remoteIpDetails: { ipAddressV4 } })),
        },
      };
    });
  const many = (count: number) => Array.from({ length: count }, (_, n) => `198.51.100.${n + 1}`);

  test('is about the address at the other end', async () => {
    const found = await read(finding());

    expect(found).toMatchObject({
      ...{ trigger: 'finding', instanceId: 'i-0123456789abcdef0' },
      block: { cidr: '198.51.100.24/32', family: 'IPv4', minutes: 60 },
      pageSubject: 'PAGE ESCALATED: block-traffic 198.51.100.24/32',
    });
    expect(found.block).not.toHaveProperty('more');
  });

  test('may name several, of which the first is the incident’s own; sixty at most', async () => {
    expect((await read(probes(many(3)))).block).toEqual({
      ...{ cidr: '198.51.100.1/32', family: 'IPv4', minutes: 60 },
      more: [2, 3].map((n) => ({ cidr: `198.51.100.${n}/32`, family: 'IPv4' })),
    });
    expect(await read(probes(many(60)))).not.toHaveProperty('refusal');
    expect(await read(probes(many(61)))).toMatchObject({
      refusal: {
        code: 'no-single-address',
        reason: 'The finding names 61 addresses, and a request covers at most 60 of one finding.',
      },
    });
  });

  test('without an address blocks nothing', async () => {
    const none = finding(({ detail }) => {
      detail.service.action = { actionType: 'DNS_REQUEST', dnsRequestAction: { domain: 'example.com' } };
    });
    const found = await read(none);

    expect(found).toMatchObject({
      refusal: {
        code: 'no-single-address',
        reason: 'The finding names no address at the other end, so there is nothing to block.',
      },
      pageSubject: 'PAGE ESCALATED: block-traffic i-0123456789abcdef0',
    });
    expect(found).not.toHaveProperty('block');
  });

  test('that is refused for another reason keeps that reason, and has no block', async () => {
    const archived = await read(finding(({ detail }) => (detail.service.archived = true)));
    expect(archived.refusal).toBeDefined();
    expect(archived).not.toHaveProperty('block');

    const ofSpoke = finding((given) => {
      given.account = spoke;
      given.detail.accountId = spoke;
      given.detail.arn = given.detail.arn.replace('123456789012', spoke);
    });
    expect(await read(ofSpoke)).toMatchObject({ refusal: { code: 'no-blocks-there' } });
    ofSpoke.detail.service.archived = true;
    expect(await read(ofSpoke)).toMatchObject({ refusal: archived.refusal });
  });
});

test('an alarm is confirmed before its sources are looked for', async () => {
  const found = await read(event('metric-alarm-cpu-high'));

  expect(found).toMatchObject({ trigger: 'alarm', pageSubject: expect.stringMatching(/^PAGE ESCALATED/) });
  expect(found).not.toHaveProperty('block');
  const ofSpoke = event('metric-alarm-cpu-high', (given) => {
    given.account = spoke;
    given.resources = given.resources.map((arn: string) => arn.replace('123456789012', spoke));
  });
  expect(await read(ofSpoke)).toMatchObject({ refusal: { code: 'no-blocks-there' } });
});

test('any other event is not accepted', async () => {
  await expect(read({ source: 'aws.ec2' })).rejects.toMatchObject({ name: 'InvalidInputError' });
});
