import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { CloudEvent } from '../../../drill/cloud';
import { cloudOf, refusal } from '../../fixtures/cloud';

const entry: PutEventsRequestEntry = { Source: 'shop', DetailType: 'order', Detail: '{"id":1}' };

function setUp() {
  const emitted: Pick<CloudEvent, 'source' | 'detail'>[] = [];
  const { cloud, client } = cloudOf(EventBridgeClient, { emit: (event) => emitted.push(event) });
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  return { cloud, emitted, put };
}

test('the default bus hands an event to the rules; another bus has rules of its own', async () => {
  const { cloud, emitted, put } = setUp();
  cloud.eventBridge.buses.add('orders');

  await put(entry, { ...entry, EventBusName: 'arn:aws:events:us-east-1:123456789012:event-bus/orders' });

  expect(emitted).toMatchObject([{ source: 'shop', detail: { id: 1 } }]);
  expect(cloud.eventBridge.taken.map(({ bus }) => bus)).toEqual(['default', 'orders']);
});

test('an entry that is refused does not stop the others, and the call succeeds', async () => {
  const { emitted, put } = setUp();

  const { FailedEntryCount, Entries } = await put(
    { ...entry, Detail: 'no JSON' },
    { ...entry, Detail: '[]' },
    { ...entry, Source: 'aws.ec2' },
    { ...entry, DetailType: '' },
    entry,
  );

  expect(FailedEntryCount).toBe(4);
  expect(Entries!.map(({ ErrorCode, EventId }) => ErrorCode ?? typeof EventId)).toEqual([
    'MalformedDetail',
    'MalformedDetail',
    'NotAuthorizedForSourceException',
    'InvalidArgument',
    'string',
  ]);
  expect(emitted).toHaveLength(1);
});

test.each([
  ['no entry', [], 'ValidationException'],
  ['eleven entries', Array.from({ length: 11 }, () => entry), 'ValidationException'],
  ['ten entries', Array.from({ length: 10 }, () => entry), 'accepted'],
  [
    'entries of more than 256 KB together',
    Array.from({ length: 2 }, () => ({ ...entry, Detail: JSON.stringify({ text: 'é'.repeat(66_000) }) })),
    'ValidationException',
  ],
  ['a bus that does not exist', [{ ...entry, EventBusName: 'other' }], 'UnmodelledInputError'],
])('%s', async (_what, entries, expected) => {
  expect(await refusal(setUp().put(...entries))).toBe(expected);
});
