import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const interfaces = ['eni-00000000000000001', 'eni-00000000000000002', 'eni-00000000000000003'];
const infected: Given = {
  playbook: 'isolate-instance',
  starts: { by: 'manual' },
  answers: [{ subject: 'isolate', answer: 'yes' }],
  fleet: [{ instanceId, networkInterfaces: interfaces.map((networkInterfaceId) => ({ networkInterfaceId })) }],
};

/** Each interface is changed twice: to a group that tracks nothing, then to one without a rule. */
const changes = interfaces.length * 2;

test.each([1, 2, 3, 4, 5, 6])('row 27: a crash after change %i is taken up where it was', async (n) => {
  const faults = [{ name: 'crash-after-call', command: 'ModifyNetworkInterfaceAttribute', n }];
  const result = await drill({ ...infected, faults });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(changes);
});
