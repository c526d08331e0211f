import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { packageStage } from '../../drill/packaging/package-stage';
import type { Stack } from '../../drill/stack/stack';
import { table } from '../../functions/shared/clients/dynamodb';
import { drill, instanceId, onlyIncident } from '../fixtures/drill';

const partitions = [
  'APPROVAL#inc-1',
  'EVIDENCE#inc-1',
  'CONTROL',
  'FLEET',
  'TURNS',
  'PLACES',
  'STORM#1',
  'STORM#ALARMS',
  'FINDING_STORM',
  'SUSPICION_STORM',
  'ENROLMENT',
  'BLOCKS',
  'BLOCK_GROUPS',
  'INCIDENT#inc-1',
  'FOREIGN#1',
];
const steps = [
  'answer-approval',
  'group-blocks',
  'swap-profile',
  'plan-action',
  'open-incident',
  'stop-instance',
  'close-incident',
  'take-out-of-service',
  'start-instance',
  'tell-finding',
  'sweep-alarms',
  'reserve-block',
];

/** What each step may write, as DynamoDB answers its role. */
async function tryAll({ cloud, variables }: Stack): Promise<Record<string, string[]>> {
  const written: Record<string, string[]> = {};
  for (const step of steps) {
    const caller = { functionName: `incident-playbooks-dev-${step}`, executionId: 'direct', stateName: 'x' };
    for (const pk of partitions) {
      const put = new PutCommand({ TableName: variables.TABLE_NAME, Item: { pk, sk: `TRIED#${step}` } });
      const answer = await cloud
        .asCaller(caller, () => table.send(put))
        .then(
          () => 'ok',
          (error: Error) => error.name,
        );
      if (answer === 'ok') written[step] = [...(written[step] ?? []), pk];
      else expect(answer).toBe('AccessDeniedException');
    }
  }
  return written;
}

test('each step writes its own items alone, and nobody writes the kill switch', async () => {
  let trying: Promise<Record<string, string[]>> | undefined;
  await drill({ fleet: [{ instanceId }], lastsMinutes: 5 }, (stack) => {
    trying = tryAll(stack);
  });

  expect(await trying).toEqual({
    'answer-approval': ['APPROVAL#inc-1', 'INCIDENT#inc-1'],
    'group-blocks': ['BLOCK_GROUPS', 'INCIDENT#inc-1'],
    'swap-profile': ['EVIDENCE#inc-1', 'INCIDENT#inc-1'],
    'plan-action': ['FLEET', 'INCIDENT#inc-1'],
    'open-incident': ['STORM#1', 'STORM#ALARMS', 'INCIDENT#inc-1'],
    'stop-instance': ['INCIDENT#inc-1'],
    'close-incident': ['TURNS', 'PLACES', 'INCIDENT#inc-1'],
    'take-out-of-service': ['EVIDENCE#inc-1', 'TURNS', 'INCIDENT#inc-1'],
    'start-instance': ['PLACES', 'INCIDENT#inc-1'],
    'tell-finding': ['FINDING_STORM', 'INCIDENT#inc-1'],
    'sweep-alarms': ['SUSPICION_STORM', 'INCIDENT#inc-1'],
    'reserve-block': ['BLOCKS', 'INCIDENT#inc-1'],
  });
});

test('a step that writes an item of another’s ends the drill red', async () => {
  const template = structuredClone(await packageStage('dev'));
  const role = template.Resources.PlanActionIamRoleLambdaExecution as unknown as { Properties: object };
  role.Properties = JSON.parse(JSON.stringify(role.Properties).replace('"FLEET"', '"OTHER"'));
  const result = await drill({}, undefined, { template });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED' });
  expect(result.ledger.some(({ errorName }) => errorName === 'AccessDeniedException')).toBe(true);
});
