import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { drill, onlyIncident } from '../../fixtures/drill';

/** Counts the HTTP requests that this process sends meanwhile. */
async function countingRequests<T>(work: () => Promise<T>): Promise<[T, number]> {
  let sent = 0;
  const count = () => {
    sent += 1;
  };
  subscribe('http.client.request.start', count);
  const result = await work();
  unsubscribe('http.client.request.start', count);
  return [result, sent];
}

test('a drill whose tables are asked over a socket is the same as one that is answered in its process', async () => {
  const [inProcess, unsent] = await countingRequests(() => drill());
  const [overTheWire, sent] = await countingRequests(() => drill({}, undefined, { overTheWire: true }));
  const calls = overTheWire.ledger.filter(({ service }) => service === 'dynamodb').length;

  expect(onlyIncident(overTheWire).outcome).toBe('RESOLVED');
  expect(overTheWire).toEqual(inProcess);
  expect(sent).toBeGreaterThanOrEqual(calls);
  expect(unsent).toBeLessThan(calls / 10);
});
