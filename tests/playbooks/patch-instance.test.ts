import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const patch = (input: Record<string, unknown>, more: Given = {}): Given => ({
  playbook: 'patch-instance',
  fleet: [{ instanceId }],
  starts: { by: 'manual', input },
  account: { managed: true },
  ...more,
});
const install = { operation: 'install', reboot: 'RebootIfNeeded' };
const yes = { subject: 'install', answer: 'yes' } as const;

test('a scan needs no approval and records the counts', async () => {
  const result = await drill(patch({ operation: 'scan' }));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SCANNED', reason: expect.stringContaining('3 missing') });
  expect(effects(result, 'SendCommand')).toBe(1);
});

test('an approved install is PATCHED, with the counts before and after', async () => {
  const result = await drill(patch(install, { answers: [yes] }), ({ cloud }) =>
    cloud.ssm.manage(instanceId, { missing: 4, operationEndTime: new Date(0) }),
  );

  expect(onlyIncident(result)).toMatchObject({
    outcome: 'PATCHED',
    reason: expect.stringMatching(/Before: .*4 missing.*After: .*0 missing/),
  });
});

test('an install that nobody approves is not made', async () => {
  const result = await drill(patch(install));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'no-answer' });
  expect(effects(result, 'SendCommand')).toBe(0);
});

test('an install without a word on reboots is rejected', async () => {
  const result = await drill(patch({ operation: 'install' }));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'REJECTED', reason: expect.stringContaining('reboot') });
});

test('patches that wait for a reboot that was not asked for are named, and not called patched', async () => {
  const result = await drill(patch({ operation: 'install', reboot: 'NoReboot' }, { answers: [yes] }));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', code: 'reboot-pending' });
});

test('row 32: an instance that Systems Manager does not manage is UNMANAGED', async () => {
  const result = await drill(patch({ operation: 'scan' }, { account: { managed: false } }));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'UNMANAGED', code: 'not-managed' });
  expect(result.executions[0]?.status).toBe('FAILED');
});

test('row 32: a command that never ends is given up after two hours', async () => {
  const result = await drill(patch({ operation: 'scan' }), ({ cloud }) =>
    cloud.ssm.manage(instanceId, { minutes: Number.POSITIVE_INFINITY }),
  );

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'patch-times-out' });
});

test('a crash right after the command was sent does not send a second one', async () => {
  const faults = [{ name: 'crash-after-call', command: 'SendCommand' }];
  const result = await drill(patch({ operation: 'scan' }, { faults }));

  expect(onlyIncident(result).outcome).toBe('SCANNED');
  expect(effects(result, 'SendCommand')).toBe(1);
});
