import {
  forgetBlock,
  forgetPlace,
  listBlocks,
  noteBlock,
  readBlock,
  reserveBlock,
} from '../../functions/containment/block-store';
import type { Block } from '../../functions/containment/blocks';
import { beyondLimit } from '../../functions/containment/isolation-flood';
import { handler as judgeBlock } from '../../functions/containment/judge-block';
import { handler as removeExpired } from '../../functions/containment/remove-expired-blocks';
import { table } from '../../functions/shared/clients/dynamodb';
import { ec2 } from '../../functions/shared/clients/ec2';
import { waf } from '../../functions/shared/clients/waf';
import { type Answers, answering, awsError } from '../fixtures/answering';
import { config } from '../fixtures/config';
import { openBlock, putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const acl = { networkAclId: 'acl-0123456789abcdef0', ruleNumber: 10 };
let stop: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const fresh = (change: Partial<Block> = {}): Block => ({
  cidr: `198.51.100.${count++}/32`,
  family: 'IPv4',
  incidentId: `inc-${String(count).padStart(20, '0')}`,
  since: '2026-11-24T02:00:00.000Z',
  until: '9999-11-24T03:00:00.000Z',
  status: 'ADDING',
  ...change,
});

describe('a block', () => {
  test('is one incident’s: a second one is told whose, and a retry finds its own', async () => {
    const block = fresh();

    expect(await reserveBlock(block, config)).toEqual(block);
    expect(await reserveBlock({ ...block, until: '9999-11-24T04:00:00.000Z' }, config)).toEqual(block);
    expect(await reserveBlock({ ...block, incidentId: 'inc-other' }, config)).toEqual(block);
  });

  test('is noted by its own incident alone', async () => {
    const block = await reserveBlock(fresh(), config);
    await noteBlock(block, { acl, status: 'ACTIVE' }, config);

    expect(await readBlock(block.cidr, config)).toEqual({ ...block, acl, status: 'ACTIVE' });
    await expect(noteBlock({ ...block, incidentId: 'inc-other' }, { ipSet: { id: 'x' } }, config)).rejects.toThrow();
    expect((await readBlock(block.cidr, config))?.ipSet).toBeUndefined();
  });

  test('is forgotten once it is nowhere any more, and only for its own incident', async () => {
    const block = await reserveBlock(fresh(), config);
    await noteBlock(block, { acl, ipSet: { id: 'set' } }, config);

    expect(await forgetBlock(block, config)).toBe(false);
    await forgetPlace(block.cidr, 'acl', config);
    expect(await forgetBlock(block, config)).toBe(false);
    await forgetPlace(block.cidr, 'ipSet', config);
    expect(await forgetBlock({ ...block, incidentId: 'inc-other' }, config)).toBe(false);
    expect(await forgetBlock(block, config)).toBe(true);
    expect(await readBlock(block.cidr, config)).toBeUndefined();
  });

  test('stands in the list by its expiry', async () => {
    const late = await reserveBlock(fresh({ until: '9998-01-02T00:00:00.000Z' }), config);
    const early = await reserveBlock(fresh({ until: '9998-01-01T00:00:00.000Z' }), config);
    const cidrs = (await listBlocks(config)).map(({ cidr }) => cidr);

    expect(cidrs.indexOf(early.cidr)).toBeLessThan(cidrs.indexOf(late.cidr));
  });
});

describe('the schedule', () => {
  let answers: Answers;
  let asked: [string, unknown][];
  beforeEach(() => {
    answers = {
      DescribeNetworkAcls: () => ({ NetworkAcls: [{ Entries: [] }] }),
      DeleteNetworkAclEntry: () => ({}),
    };
    asked = answering(ec2, () => answers);
  });
  const run = (change: Record<string, string> = {}) => {
    setEnvironment(change);
    return removeExpired({}, lambdaContext);
  };
  const expired = async () => {
    const block = fresh({ until: new Date(Date.now() - 1).toISOString(), acl });
    await putItem({ pk: 'BLOCKS', sk: `BLOCK#${block.cidr}`, ...block });
    const entry = { RuleNumber: acl.ruleNumber, CidrBlock: block.cidr, Protocol: '-1', RuleAction: 'deny' };
    answers.DescribeNetworkAcls = () => ({
      NetworkAcls: [{ Entries: [true, false].map((Egress) => ({ ...entry, Egress })) }],
    });
    return block;
  };

  test('removes what has expired, in both directions, and says so in the timeline', async () => {
    const [block, standing] = [await expired(), await reserveBlock(fresh(), config)];

    expect(await run()).toEqual({ removed: 1 });
    expect(asked.filter(([name]) => name === 'DeleteNetworkAclEntry').map(([, input]) => input)).toEqual(
      [true, false].map((Egress) => ({ NetworkAclId: acl.networkAclId, RuleNumber: acl.ruleNumber, Egress })),
    );
    expect(await readBlock(block.cidr, config)).toBeUndefined();
    expect(await readBlock(standing.cidr, config)).toBeDefined();
    expect(await readItemOf(`INCIDENT#${block.incidentId}`, `ENTRY#unblocked#${block.cidr}`)).toMatchObject({
      what: `The block of ${block.cidr} has expired and is removed.`,
    });
    expect(await run()).toEqual({ removed: 0 });
  });

  test('leaves everything in observe mode, and while the kill switch is on', async () => {
    const block = await expired();

    expect(await run({ MODE: 'observe' })).toEqual({ removed: 0 });
    await putItem({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: true });
    expect(await run()).toEqual({ removed: 0 });
    expect(await readBlock(block.cidr, config)).toBeDefined();
    await putItem({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: false });
    expect(await run()).toEqual({ removed: 1 });
  });

  test('removes nothing before its time has come, and everything from then on', async () => {
    const block = await reserveBlock(fresh({ until: '2026-11-24T03:00:00.000Z' }), config);
    const runAt = (now: string) => {
      jest.useFakeTimers({ now: new Date(now), doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
      return run().finally(() => jest.useRealTimers());
    };

    expect(await runAt('2026-11-24T02:59:59.999Z')).toEqual({ removed: 0 });
    expect(await runAt('2026-11-24T03:00:00.000Z')).toEqual({ removed: 1 });
    // Nothing of it was anywhere yet, so EC2 is not asked.
    expect(asked).toEqual([]);
    expect(await readBlock(block.cidr, config)).toBeUndefined();
  });

  describe('of a range in an IP set', () => {
    const names = {
      IP_SET_NAME_IPV4: 'test-v4',
      IP_SET_ID_IPV4: 'v4',
      IP_SET_NAME_IPV6: 'test-v6',
      IP_SET_ID_IPV6: 'v6',
    };
    let addresses: string[];
    let inWaf: [string, unknown][];
    beforeEach(() => {
      addresses = ['203.0.113.9/32'];
      inWaf = answering(waf, () => ({
        GetIPSet: () => ({ IPSet: { Addresses: addresses }, LockToken: 'token' }),
        UpdateIPSet: ({ Addresses }: { Addresses: string[] }) => {
          addresses = Addresses;
          return {};
        },
      }));
    });
    const expiredIn = async (change: Partial<Block> = {}) => {
      const until = new Date(Date.now() - 1).toISOString();
      return reserveBlock(fresh({ until, ipSet: { id: 'v4' }, ...change }), config);
    };

    test('removes it from there, and leaves the others', async () => {
      const block = await expiredIn();
      addresses.push(block.cidr);

      expect(await run(names)).toEqual({ removed: 1 });
      expect(addresses).toEqual(['203.0.113.9/32']);
      expect(inWaf.at(-1)).toEqual([
        'UpdateIPSet',
        { Name: 'test-v4', Id: 'v4', Scope: 'REGIONAL', Addresses: addresses, LockToken: 'token' },
      ]);
      expect(await readBlock(block.cidr, config)).toBeUndefined();
    });

    test('changes no set that does not have it any more, and asks the one of its family', async () => {
      await expiredIn({ cidr: '2001:db8:9::/64', family: 'IPv6', ipSet: { id: 'v6' } });

      expect(await run(names)).toEqual({ removed: 1 });
      expect(inWaf).toEqual([['GetIPSet', { Name: 'test-v6', Id: 'v6', Scope: 'REGIONAL' }]]);
    });
  });

  test('fails if the kill switch cannot be read', async () => {
    const block = await expired();
    const send = table.send.bind(table);
    const spy = jest.spyOn(table, 'send').mockImplementation(async (command: object) => {
      if (JSON.stringify(command).includes('KILL_SWITCH')) throw awsError('AccessDeniedException');
      return send(command as never) as never;
    });

    await expect(run()).rejects.toMatchObject({ name: 'NotAuthorizedError' });
    spy.mockRestore();
    expect(await readBlock(block.cidr, config)).toBeDefined();
    await run();
  });

  test('finds an entry gone that it is about to delete, and goes on', async () => {
    await expired();
    answers.DeleteNetworkAclEntry = () => {
      throw awsError('InvalidNetworkAclEntry.NotFound');
    };

    expect(await run()).toEqual({ removed: 1 });
  });

  test('goes on after one that could not be removed, and fails with the first error', async () => {
    await expired();
    const second = await expired();
    let isFirst = true;
    answers.DescribeNetworkAcls = () => {
      if (!isFirst) return { NetworkAcls: [{ Entries: [] }] };
      isFirst = false;
      throw awsError('RequestLimitExceeded');
    };

    await expect(run()).rejects.toMatchObject({
      name: 'BlocksLeftError',
      message: '1 of 2 expired blocks could not be removed.',
      cause: { name: 'RequestLimitExceeded' },
    });
    expect(await readBlock(second.cidr, config)).toBeUndefined();
    await run();
  });
});

describe('judge-block', () => {
  const until = '2026-11-24T03:00:00.000Z';
  async function blocking(placed: Record<string, unknown>, cidrs = 1, verified = true) {
    const blocks = Array.from({ length: cidrs }, () => fresh());
    const ranges = blocks.map(({ cidr }) => cidr);
    const incident = await openBlock(blocks[0]!.incidentId, ranges, 60, { reservation: { until } });
    for (const { cidr } of blocks) {
      await putItem({ pk: 'BLOCKS', sk: `BLOCK#${cidr}`, ...fresh({ cidr, incidentId: incident.incidentId }) });
      const key = cidr === ranges[0] ? 'ip-set-entry-added' : `ip-set-entry-added#${cidr}`;
      if (verified) await putItem({ pk: `INCIDENT#${incident.incidentId}`, sk: `ENTRY#${key}`, key });
    }
    return { incident: { ...incident, ...placed }, cidrs: blocks.map(({ cidr }) => cidr) };
  }
  const added = { verdict: 'ADDED' };
  const failure = { Error: 'AccessDenied', Cause: 'no' };

  test.each([
    [{ acl: added, ipSet: added }, 'the network ACL and the WAF IP set'],
    [{ acl: { verdict: 'NOT_SET_UP' }, ipSet: added }, 'the WAF IP set'],
  ])('a range that is everywhere (%j) is blocked, and active; the end is recorded', async (placed, where) => {
    const { incident, cidrs } = await blocking(placed);
    const reason = `The range ${cidrs[0]} is blocked in ${where} until ${until} (verified).`;

    expect(await judgeBlock({ incident } as never, lambdaContext)).toEqual({
      outcome: 'BLOCKED',
      code: 'blocked',
      reason,
    });
    expect((await readBlock(cidrs[0]!, config))?.status).toBe('ACTIVE');
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'END#BLOCKED#blocked')).toMatchObject({ reason });
  });

  test('several ranges are counted, and each is active', async () => {
    const { incident, cidrs } = await blocking({ acl: added, ipSet: added }, 3);

    expect(await judgeBlock({ incident } as never, lambdaContext)).toMatchObject({
      reason: `The 3 ranges are blocked in the network ACL and the WAF IP set until ${until} (verified).`,
    });
    for (const cidr of cidrs) expect((await readBlock(cidr, config))?.status).toBe('ACTIVE');
  });

  test('a range that is in one place only is partly blocked: each reason once, with its ranges', async () => {
    const missing = [
      { cidr: '192.0.2.1/32', why: 'full' },
      { cidr: '192.0.2.2/32', why: 'ours' },
      { cidr: '192.0.2.3/32', why: 'full' },
    ];
    const { incident, cidrs } = await blocking({ acl: { ...added, missing }, ipSet: added });

    expect(await judgeBlock({ incident } as never, lambdaContext)).toEqual({
      outcome: 'PARTIAL',
      code: 'partly-blocked',
      reason: `The range ${cidrs[0]} is only partly blocked, until ${until}. Missing: acl without 192.0.2.1/32, 192.0.2.3/32 (full); acl without 192.0.2.2/32 (ours).`,
    });
    expect((await readBlock(cidrs[0]!, config))?.status).toBe('ADDING');
  });

  test('a place that failed is named; where both did, nothing is blocked', async () => {
    const partly = await blocking({ ipSet: added, failures: { acl: failure } });
    expect(await judgeBlock({ incident: partly.incident } as never, lambdaContext)).toMatchObject({
      code: 'partly-blocked',
      reason: expect.stringMatching(/Missing: acl \(.*AccessDenied.*\)\.$/),
    });
    const none = await blocking({ failures: { acl: failure, ipSet: failure } });
    expect(await judgeBlock({ incident: none.incident } as never, lambdaContext)).toMatchObject({
      outcome: 'FAILED',
      code: 'not-blocked',
      reason: expect.stringMatching(/^The range .* is not blocked: acl \(.*\); ipSet \(.*\)\.$/),
    });
  });

  test.each(['no step verified', 'another incident reserved'])(
    'what %s is not blocked, whatever the input says',
    async (what) => {
      const { incident, cidrs } = await blocking({ acl: added, ipSet: added }, 1, what !== 'no step verified');
      if (what !== 'no step verified')
        await putItem({
          pk: 'BLOCKS',
          sk: `BLOCK#${cidrs[0]}`,
          ...fresh({ cidr: cidrs[0]!, incidentId: 'inc-other' }),
        });

      await expect(judgeBlock({ incident } as never, lambdaContext)).rejects.toMatchObject({
        name: 'OutOfTurnError',
        message: `The record of incident ${incident.incidentId} does not say that ${cidrs[0]} was blocked.`,
      });
      expect((await readBlock(cidrs[0]!, config))?.status).toBe('ADDING');
    },
  );
});

describe('requests to isolate', () => {
  const limited = { ...config, STORM_LIMIT: 2 };
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes));
  const ask = async (n: number, minutes: number) =>
    (await beyondLimit(`i-${n}`, at(minutes), limited))?.code ?? 'asked';

  test('are asked about up to the limit within an hour, each instance once', async () => {
    expect(await ask(1, 0)).toBe('asked');
    expect(await ask(2, 1)).toBe('asked');
    expect(await ask(3, 2)).toBe('too-many-isolations');
    expect(await ask(1, 59)).toBe('asked');
    expect(await ask(3, 59)).toBe('too-many-isolations');
    // The first one counts no longer, an hour after it was asked about.
    expect(await ask(3, 60)).toBe('asked');
    expect(await ask(1, 60)).toBe('too-many-isolations');
  });

  test('beyond it call a person, who is told the limit', async () => {
    for (const n of [11, 12]) await beyondLimit(`i-${n}`, at(600), limited);

    expect(await beyondLimit('i-13', at(601), limited)).toMatchObject({
      outcome: 'ESCALATED',
      code: 'too-many-isolations',
      reason: expect.stringMatching(
        /^Findings or alarms about more than 2 instances within an hour: .* about 2 of them/,
      ),
    });
  });

  test('that come at the same moment are still no more than the limit', async () => {
    const found = await Promise.all([21, 22, 23, 24].map((n) => beyondLimit(`i-${n}`, at(1200), limited)));

    expect(found.map((one) => one === undefined)).toEqual([true, true, false, false]);
  });
});
