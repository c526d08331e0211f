import { drill, effects, type Given } from '../fixtures/drill';
import { findingEvent } from '../fixtures/finding';

const ids = Array.from({ length: 20 }, (_, n) => `i-${String(n + 1).padStart(17, '0')}`);
const flood: Given = {
  playbook: 'isolate-instance',
  fleet: ids.map((instanceId) => ({ instanceId })),
  starts: { by: 'event', events: ids.map((instance, n) => findingEvent({ n, instance })), secondsApart: 20 },
  answers: [],
  lastsMinutes: 75,
};

test('row 67: findings about 20 instances are at most as many requests as a storm, and one page for the others', async () => {
  const result = await drill(flood);

  const asked = result.notices.filter(({ subject }) => subject?.includes('Approve isolate?'));
  const refused = result.items.filter(({ sk, code }) => sk === 'RECORD' && code === 'too-many-isolations');
  const told = result.notices.filter(({ message }) => message.includes('more than 8 instances within an hour'));
  expect(asked).toHaveLength(8);
  expect(refused).toHaveLength(12);
  expect(refused.map(({ outcome }) => outcome)).toEqual(refused.map(() => 'ESCALATED'));
  expect(told).toHaveLength(1);
  const teller = refused.find(({ noticeSentAt }) => noticeSentAt !== undefined)!;
  const others = refused.filter((one) => one !== teller);
  expect(others.map(({ extra }) => (extra as { toldBy?: string }).toldBy)).toEqual(others.map(() => teller.incidentId));
  expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(0);
});

test('one yes isolates the one instance that it names, and a manual start is asked about whatever the limit', async () => {
  const result = await drill({
    ...flood,
    answers: [{ subject: 'isolate', answer: 'yes' }],
    follows: [
      {
        playbook: 'isolate-instance',
        afterMinutes: 20,
        input: { instanceId: ids.at(-1), requestedBy: 'sam', reason: 'The page said so.' },
      },
    ],
  });
  const asked = result.notices.filter(({ subject }) => subject?.includes('Approve isolate?'));

  expect(asked.some(({ message }) => message.includes(`Isolate ${ids.at(-1)}`))).toBe(true);
  expect(asked).toHaveLength(9);
  expect(asked[0]!.message).toContain(`Isolate ${ids[0]}:`);
  const isolated = result.incidents.filter(({ outcome }) => outcome === 'CONTAINED');
  expect(isolated.map((one) => one.instanceId)).toEqual([ids[0]]);
  expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(2);
});
