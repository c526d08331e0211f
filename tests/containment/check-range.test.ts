import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { openRecordOf } from '../fixtures/approved';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
/** Addresses that the account's network interfaces have. */
let own: string[];

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { ec2 } = await import('../../functions/shared/clients/ec2');
  const perPage = 1000;
  jest.spyOn(ec2, 'send').mockImplementation(async (command) => {
    if (command.constructor.name !== 'DescribeNetworkInterfacesCommand') return {} as never;
    const from = Number((command.input as { NextToken?: string }).NextToken ?? 0);
    const page = own.slice(from, from + perPage).map((PublicIp) => ({ Association: { PublicIp } }));
    return {
      NetworkInterfaces: page,
      ...(from + perPage < own.length ? { NextToken: String(from + perPage) } : {}),
    } as never;
  });
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(() => {
  setEnvironment();
  Object.assign(process.env, {
    BLOCK_NETWORK_ACL_ID: '',
    BLOCK_MINUTES: '60',
    WIDEST_IPV4_PREFIX: '16',
    WIDEST_IPV6_PREFIX: '48',
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  own = Array.from({ length: 12_000 }, (_, i) => `54.1.${Math.floor(i / 250)}.${i % 250}`);
});

async function check(cidr: string): Promise<unknown> {
  const { handler } = await import('../../functions/containment/check-range');
  const incident = {
    schemaVersion: 1,
    incidentId: `inc-${'b'.repeat(20)}`,
    executionId: 'execution',
    playbook: 'block-traffic',
    trigger: 'manual',
    drill: false,
    mode: 'act' as const,
    openedAt: '2026-11-24T02:00:00Z',
    block: { cidr, family: 'IPv4', minutes: 60 },
  };
  const { table } = await import('../../functions/shared/clients/dynamodb');
  await table.send(new PutCommand({ TableName: 'incidents', Item: openRecordOf(incident) }));
  return handler({ incident } as never, lambdaContext);
}

test('an address of ours is found on whatever page it stands', async () => {
  expect(await check('54.1.47.249/32')).toMatchObject({ verdict: 'REFUSED', conclusion: { code: 'own-range' } });
});

test('what it answers does not grow with the account: an execution’s state has a size limit', async () => {
  const answer = await check('198.51.100.7/32');

  expect(answer).toMatchObject({ verdict: 'ELIGIBLE' });
  expect(JSON.stringify(answer).length).toBeLessThan(1000);
});
