import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const calls = (result: Awaited<ReturnType<typeof drill>>, command: string) =>
  result.ledger.filter((entry) => entry.command === command);
const restartedOnce = (result: Awaited<ReturnType<typeof drill>>) =>
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);

test.each(['StopInstances', 'StartInstances', 'DescribeInstances', 'DescribeAlarms'])(
  'row 13: %s that is throttled is tried again, with a cap',
  async (command) => {
    const result = await drill({ faults: [{ name: 'api-throttled', command, times: 7 }] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  },
);

test('row 13: throttling without end ends the run, and nothing was changed', async () => {
  const result = await drill({ faults: [{ name: 'api-throttled', command: 'StopInstances', times: 5000 }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'throttled' });
  expect(effects(result, 'StopInstances')).toBe(0);
});

test('row 14: a call that is not authorized is not tried again, and the reason is clear', async () => {
  const result = await drill({ faults: [{ name: 'api-denied', command: 'StopInstances' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'not-authorized' });
  expect(onlyIncident(result).reason).toContain('not authorized to perform');
  expect(calls(result, 'StopInstances')).toHaveLength(1);
});

test('row 14: a start that is not authorized leaves the instance stopped, and that is escalated', async () => {
  const result = await drill({ faults: [{ name: 'api-denied', command: 'StartInstances' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
});

describe('row 26: a late write of a step that timed out', () => {
  test.each(['StopInstances', 'StartInstances'])('%s takes effect once', async (command) => {
    const result = await drill({ faults: [{ name: 'late-answer', command, seconds: 40 }] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });
});

test('row 26: a step whose lease another incident has taken since is fenced off before it changes anything', async () => {
  const result = await drill({}, (stack) => {
    const look = setInterval(() => {
      if (!stack.cloud.ledger.calls('StopInstances').some(({ effective }) => effective)) return;
      clearInterval(look);
      const Key = { pk: `INSTANCE#${instanceId}`, sk: 'GUARD' };
      const takeOver = new UpdateCommand({
        TableName: stack.variables.TABLE_NAME,
        Key,
        UpdateExpression: 'SET holder = :other ADD #token :one',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':other': 'inc-other', ':one': 1 },
      });
      void DynamoDBDocumentClient.from(stack.dynamoDb).send(takeOver);
    }, 1000);
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
  expect(onlyIncident(result).reason).toContain('lease');
  expect(calls(result, 'StartInstances')).toEqual([]);
  const guard = result.items.find(({ sk, pk }) => sk === 'GUARD' && pk === `INSTANCE#${instanceId}`);
  expect(guard).toMatchObject({ holder: 'inc-other' });
});

test('row 26: a late write of the try that opened the record does not open it again', async () => {
  const result = await drill({
    fleet: [{ instanceId, tags: {}, symptoms: [runaway] }],
    faults: [{ name: 'late-answer', command: 'PutItem', seconds: 46 }],
    lastsMinutes: 60,
  });

  expect(onlyIncident(result)).toMatchObject({ status: 'CLOSED', outcome: 'SKIPPED', code: 'not-opted-in' });
});

test('row 33: a redrive 13 days later finds the lease lost, and changes nothing', async () => {
  const days = 24 * 60;
  const given = {
    faults: [{ name: 'api-denied', command: 'StopInstances' }],
    lastsMinutes: 14 * days,
    givesUpAfterMinutes: 14 * days,
  };
  const redriveLater = (stack: Stack) => {
    setTimeout(() => stack.machines.redrive(stack.machines.executions[0]!.id, 'Stop instance'), 13 * days * 60_000);
  };
  const result = await drill(given, redriveLater, { schedules: false });

  const stops = result.executions[0]!.history.filter(
    (event) => event.type === 'StateFailed' && event.state === 'Stop instance',
  );
  expect(stops.map((event) => 'error' in event && event.error)).toEqual(['NotAuthorizedError', 'LeaseLostError']);
  expect(calls(result, 'StopInstances')).toHaveLength(1);
});

test('row 41: a record store that is throttled before the action fails closed', async () => {
  const result = await drill({ faults: [{ name: 'record-store-throttled', times: 500, state: 'Take lease' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'throttled' });
  expect(effects(result, 'StopInstances')).toBe(0);
});

test.each(['Take out of service', 'Stop instance'])(
  'row 41: nor is anything changed when it is throttled only at "%s"',
  async (state) => {
    const result = await drill({ faults: [{ name: 'record-store-throttled', times: 500, state }] });

    expect(onlyIncident(result).outcome).toMatch(/^(FAILED|ESCALATED)$/);
    expect(calls(result, 'StopInstances')).toEqual([]);
  },
);

test('row 41: a record store that cannot be written at all pages a person', async () => {
  const result = await drill({ faults: [{ name: 'api-throttled', service: 'dynamodb', times: 100_000 }] });

  expect(result.incidents).toEqual([]);
  expect(result.notices[0]?.message).toContain('could not be recorded');
  expect(effects(result, 'StopInstances')).toBe(0);
});

test('row 42: a notice that fails keeps the outcome, and is sent later', async () => {
  const result = await drill({ faults: [{ name: 'notification-fails', times: 30 }], lastsMinutes: 60 });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  expect(result.notices.filter(({ message }) => message.includes(onlyIncident(result).incidentId))).toHaveLength(1);
});

describe('row 45: Lambda itself', () => {
  test.each(['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.Unknown'])(
    '%s is tried again',
    async (error) => {
      const result = await drill({ faults: [{ name: 'lambda-refused', times: 4, error }] });

      expect(onlyIncident(result).outcome).toBe('RESOLVED');
      restartedOnce(result);
    },
  );

  test('a function that never runs ends the run with its reason', async () => {
    const result = await drill({ faults: [{ name: 'lambda-refused', state: 'Stop instance', times: 500 }] });

    expect(onlyIncident(result).outcome).toBe('FAILED');
  });
});
