import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { openRecordOf, questionOf, saidYes } from '../fixtures/approved';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

/** Two attempts of one step: the first is held up before it opens the interface, and its retry cuts the interface off. */
const instanceId = 'i-0aaaaaaaaaaaaaaaa';
const incidentId = `inc-${'1'.repeat(20)}`;
const networkInterfaceId = 'eni-00000000000000001';
const vpcId = 'vpc-0a1b2c3d4e5f60718';
const incident = {
  schemaVersion: 1,
  incidentId,
  executionId: 'execution',
  playbook: 'isolate-instance',
  trigger: 'manual' as const,
  drill: false,
  mode: 'act' as const,
  openedAt: '2026-11-24T02:00:00.000Z',
  instanceId,
  lease: { token: 1 },
  quarantine: { pairs: [{ vpcId, openGroupId: 'sg-open', closedGroupId: 'sg-closed' }] },
};
const target = {
  instanceId,
  networkInterfaceIds: [networkInterfaceId],
  volumes: 1,
  addresses: 0,
  swapProfile: false,
};
type Command = { constructor: { name: string }; input: { Groups?: string[] } };

let stop: () => Promise<void>;
let groups: string[] = [];
let heldUp: Promise<void> | undefined;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { table } = await import('../../functions/shared/clients/dynamodb');
  const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: 'incidents', Item }));
  await put(openRecordOf(incident));
  await put({ pk: 'CONTROL', sk: 'KILL_SWITCH', engaged: false });
  const guard = { holder: incidentId, token: 1, leaseUntil: '9999-01-01T00:00:00Z' };
  await put({ pk: `INSTANCE#${instanceId}`, sk: 'GUARD', ...guard });
  await put(questionOf(incident, 'isolate', target, saidYes()));
  const { ec2, ec2Once } = await import('../../functions/shared/clients/ec2');
  for (const client of [ec2, ec2Once])
    jest.spyOn(client, 'send').mockImplementation((async (command: Command) => answerOf(command)) as never);
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});

async function answerOf({ constructor: { name }, input }: Command): Promise<unknown> {
  const tags = (side: string) => [
    { Key: 'incident-playbooks:incident', Value: incidentId },
    { Key: 'incident-playbooks:quarantine-group', Value: side },
  ];
  switch (name) {
    case 'DescribeNetworkInterfacesCommand':
      return {
        NetworkInterfaces: [
          {
            NetworkInterfaceId: networkInterfaceId,
            VpcId: vpcId,
            Groups: groups.map((GroupId) => ({ GroupId })),
            Attachment: { InstanceId: instanceId, AttachmentId: 'a', DeviceIndex: 0 },
          },
        ],
      };
    case 'DescribeSecurityGroupsCommand':
      return {
        SecurityGroups: ['open', 'closed'].map((side) => ({ GroupId: `sg-${side}`, Tags: tags(side) })),
      };
    case 'DescribeInstancesCommand': {
      // Only the first attempt waits for its answer.
      const wait = heldUp;
      heldUp = undefined;
      await wait;
      const Tags = [{ Key: 'incident-playbooks:enabled', Value: 'true' }];
      return { Reservations: [{ Instances: [{ InstanceId: instanceId, State: { Name: 'running' }, Tags }] }] };
    }
    case 'ModifyNetworkInterfaceAttributeCommand':
      groups = input.Groups ?? [];
      return {};
    default:
      throw new Error(`${name} is not expected here`);
  }
}

async function phase(name: 'untrack' | 'cut'): Promise<string[]> {
  const { handler } = await import('../../functions/containment/quarantine-interface');
  await handler({ incident, networkInterfaceId, phase: name }, lambdaContext);
  return groups;
}

test('an attempt that was held up does not open again what its retry has cut off since', async () => {
  groups = ['sg-web'];
  let goOn = () => {};
  heldUp = new Promise((resolve) => {
    goOn = resolve;
  });
  const late = phase('untrack');

  expect(await phase('untrack')).toEqual(['sg-open']);
  expect(await phase('cut')).toEqual(['sg-closed']);
  goOn();
  expect(await late).toEqual(['sg-closed']);
});
