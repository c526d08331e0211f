import type { Flow } from '../../drill/cloud/ec2/flows';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

jest.setTimeout(120_000);

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
  starts: { by: 'hand' },
  fleet: [{ instanceId, networkInterfaces: interfaces, iamInstanceProfileArn: profile }],
};

test('an isolated instance is CONTAINED: evidence is kept and every interface is cut off', async () => {
  const result = await drill({ ...infected, answers: [yes] });
  const incident = onlyIncident(result);

  expect(incident.reason).toMatch(/3 network interface\(s\) cut off/);
  expect(incident.outcome).toBe('CONTAINED');
  expect(effects(result, 'CreateSnapshots')).toBe(1);
  expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(6);
  expect(result.executions[0]?.status).toBe('SUCCEEDED');
});

test('a one-step swap leaves a tracked flow alive, and the two steps of the playbook cut it', async () => {
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
