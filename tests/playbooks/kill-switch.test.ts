import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { killSwitchItem } from '../../cli/kill-switch';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, onlyIncident } from '../fixtures/drill';

/** Switches the stage off, as an operator's command would, when an alarm has started the playbook or before. */
function switchOff({ dynamoDb, variables }: Stack): void {
  const Item = killSwitchItem({ stage: 'dev', on: true, reason: 'maintenance', by: 'kim' }, new Date());
  void DynamoDBDocumentClient.from(dynamoDb).send(new PutCommand({ TableName: variables.TABLE_NAME, Item }));
}

test('a stage that is switched off changes nothing, and says who switched it off and why', async () => {
  const result = await drill({}, switchOff);

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'kill-switch-on' });
  expect(onlyIncident(result).reason).toContain('kim: maintenance');
  expect(effects(result, 'StopInstances')).toBe(0);
});

test('a stage that is switched off mid-run makes no further change, and what it had stopped is escalated', async () => {
  const result = await drill({}, (stack) => {
    const watch = setInterval(() => {
      if (!stack.cloud.ledger.calls('StopInstances').some(({ effective }) => effective)) return;
      clearInterval(watch);
      switchOff(stack);
    }, 1000);
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
  expect(effects(result, 'StartInstances')).toBe(0);
});
