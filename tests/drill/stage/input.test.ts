import { loadScenario, scenarioNames } from '../../../drill/scenario/load';
import { startInput } from '../../../drill/stage/input';
import { manualStartSchema } from '../../../functions/alarm/event-schema';
import { findingDrillSchema } from '../../../functions/finding/event-schema';

const place = {
  instanceId: 'i-0123456789abcdef0',
  machineArn: 'arn:aws:states:eu-central-1:999988887777:stateMachine:incident-playbooks-dev-x',
  now: new Date('2026-05-04T10:00:00Z'),
  requestedBy: 'kim',
};
const inputOf = async (name: string) => startInput(await loadScenario(name), place);

test('a scenario of an alarm is started by hand, as a drill, in the form that the playbook takes', async () => {
  const input = await inputOf('cpu-high-restart');

  expect(manualStartSchema.parse(input)).toMatchObject({
    drill: true,
    instanceId: place.instanceId,
    requestedBy: 'kim',
  });
});

test('what a scenario starts its playbook with is passed on', async () => {
  expect(await inputOf('patch-install')).toMatchObject({ operation: 'install', reboot: 'RebootIfNeeded', drill: true });
});

test('a finding is wrapped as a drill, about this instance, this account, this region and now', async () => {
  const { event } = findingDrillSchema.parse(await inputOf('guardduty-isolate'));

  expect(event).toMatchObject({ account: '999988887777', region: 'eu-central-1' });
  expect(event.detail).toMatchObject({ accountId: '999988887777', region: 'eu-central-1' });
  expect(JSON.stringify(event)).toContain(place.instanceId);
  expect(JSON.stringify(event)).not.toContain('{instance}');
});

test('every scenario can be drilled on a stage, or says that it cannot', async () => {
  const refused: string[] = [];
  for (const name of await scenarioNames()) {
    try {
      expect(JSON.stringify(await inputOf(name))).toMatch(/"drill"/);
    } catch (error) {
      if ((error as Error).name !== 'StageError') throw error;
      refused.push(name);
    }
  }

  expect(refused).toEqual(['forged-source', 'monitoring-account-alarm']);
});
