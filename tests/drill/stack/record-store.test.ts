import { startRecordStore, stopRecordStore } from '../../../drill/stack/record-store';

afterAll(stopRecordStore);

test('the local DynamoDB tells no time: the SDK takes a date that differs for a wrong clock, and tries again', async () => {
  const environment: NodeJS.ProcessEnv = {};
  await startRecordStore(environment);

  const { headers } = await fetch(environment.AWS_ENDPOINT_URL_DYNAMODB ?? '');

  expect(headers.get('date')).toBeNull();
});
