import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { assertNotSwitchedOff } from '../../functions/guard/kill-switch';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import { assertMayAct } from '../../functions/guard/may-act';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
const turn = (item: Record<string, unknown>) =>
  table.send(new PutCommand({ TableName: config.TABLE_NAME, Item: { ...killSwitchKey, ...item } }));

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

test('a stage whose switch was never touched may act', async () => {
  await expect(assertNotSwitchedOff(config)).resolves.toBeUndefined();
  await expect(assertMayAct({ mode: 'act' }, config)).resolves.toBeUndefined();
});

test('a switch that is on refuses, with who turned it and why', async () => {
  await turn({ on: true, by: 'kim', reason: 'the network is being moved' });

  const refusal = { name: 'KillSwitchOnError', message: expect.stringContaining('kim: the network is being moved') };
  await expect(assertNotSwitchedOff(config)).rejects.toMatchObject(refusal);
  await expect(assertMayAct({ mode: 'act' }, config)).rejects.toMatchObject(refusal);
});

test('a switch that says neither who nor why is on all the same', async () => {
  await turn({ on: true });

  await expect(assertNotSwitchedOff(config)).rejects.toThrow('on (unknown: no reason given)');
});

test('a switch that was turned off again refuses nothing', async () => {
  await turn({ on: false, by: 'kim', reason: 'done' });

  await expect(assertNotSwitchedOff(config)).resolves.toBeUndefined();
});

test.each([
  ['observe', 'act'],
  ['act', 'observe'],
  ['observe', 'observe'],
] as const)('a stage in %s with an incident in %s changes nothing', async (MODE, mode) => {
  await expect(assertMayAct({ mode }, { ...config, MODE })).rejects.toMatchObject({
    name: 'ModeIsObserveError',
    message: 'The stage is in observe mode.',
  });
});

test('a switch that cannot be read is no leave to act', async () => {
  await expect(assertNotSwitchedOff({ ...config, TABLE_NAME: 'not-there' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
