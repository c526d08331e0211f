import { lateIndexes } from '../../../drill/cloud/dynamodb/late-indexes';
import type { FaultedCall } from '../../../drill/cloud/faults/fault';

const item = { pk: { S: 'INCIDENT#1' }, sk: { S: 'RECORD' }, noticeState: { S: 'PENDING' } };
const call = (command: string, input: object) =>
  ({ entry: { service: 'dynamodb', command, input, mutating: command !== 'Query' }, number: 1 }) as FaultedCall;
const query = call('Query', {
  IndexName: 'by-notice',
  KeyConditionExpression: 'noticeState = :due AND closedAt < :before',
});
const itemsOf = (output: unknown) => (output as { Items: unknown[] }).Items;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each([
  ['Put', 'PutItem', { Item: item }],
  ['Update', 'UpdateItem', { Key: { pk: item.pk, sk: item.sk }, UpdateExpression: 'SET noticeState = :due' }],
])('an index shows what a %s wrote half a second later', (_what, command, input) => {
  const { after, tamper } = lateIndexes();
  after!(call(command, input));

  expect(itemsOf(tamper!(query, { Items: [item] }))).toEqual([]);
  jest.advanceTimersByTime(500);
  expect(itemsOf(tamper!(query, { Items: [item] }))).toEqual([item]);
});

test('the table itself, and a write that does not touch the index, are seen at once', () => {
  const { after, tamper } = lateIndexes();
  after!(call('UpdateItem', { Key: { pk: item.pk, sk: item.sk }, UpdateExpression: 'SET told = :x' }));

  expect(itemsOf(tamper!(query, { Items: [item] }))).toEqual([item]);
  after!(call('PutItem', { Item: item }));
  const table = call('Query', { KeyConditionExpression: 'pk = :pk' });
  expect(itemsOf(tamper!(table, { Items: [item] }))).toEqual([item]);
});
