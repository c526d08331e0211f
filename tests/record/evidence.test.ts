import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { hasEntry, readEntry, readTimeline, writeEntry } from '../../functions/record/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

let stop: () => Promise<void>;
let count = 0;
let incidentId: string;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  incidentId = `inc-${count++}`;
});

const entry = (key: string, minute: number, before: object = {}) => ({
  key,
  at: `2026-11-24T02:0${minute}:00.000Z`,
  what: key,
  before: before as Record<string, unknown>,
});
const put = (pk: string, one: ReturnType<typeof entry>) =>
  table.send(
    new PutCommand({
      TableName: config.TABLE_NAME,
      Item: { pk: `${pk}#${incidentId}`, sk: `ENTRY#${one.key}`, ...one },
    }),
  );
const keys = async () => (await readTimeline(incidentId, config)).map(({ key }) => key);
const evidence = ['changed#tag', 'changed#interface#eni-1', 'manifest', 'out-of-service-requested', 'evidence-locked'];

test('what a release restores stands in a partition of its own, and in the timeline with the rest', async () => {
  for (const [minute, key] of ['plan', ...evidence].entries()) await writeEntry(incidentId, entry(key, minute), config);

  expect(await keys()).toEqual(['plan', ...evidence]);
  for (const key of evidence) expect(await hasEntry(incidentId, key, config)).toBe(true);
  expect(await writeEntry(incidentId, entry('changed#tag', 9), config)).toBe(false);
});

test('all that is evidence is written into its partition, and nothing else', async () => {
  for (const [minute, key] of ['plan', ...evidence].entries()) await writeEntry(incidentId, entry(key, minute), config);
  const { Items = [] } = await table.send(new ScanCommand({ TableName: config.TABLE_NAME }));
  const keysIn = (pk: string) => Items.filter((item) => item.pk === pk).map(({ key }) => key);

  expect(keysIn(`EVIDENCE#${incidentId}`).sort()).toEqual([...evidence].sort());
  expect(keysIn(`INCIDENT#${incidentId}`)).toEqual(['plan']);
});

test('the evidence of an earlier release, which stands with the rest, is read', async () => {
  for (const [minute, key] of ['plan', ...evidence].entries()) await put('INCIDENT', entry(key, minute, { minute }));

  expect(await keys()).toEqual(['plan', ...evidence]);
  expect((await readEntry(incidentId, 'changed#tag', config))?.before).toEqual({ minute: 1 });
});

test('evidence that another step plants with the rest is not believed', async () => {
  await writeEntry(incidentId, entry('changed#tag', 1), config);
  await writeEntry(incidentId, entry('manifest', 2), config);
  await put('INCIDENT', entry('changed#profile', 3, { arn: 'admin' }));
  await put('INCIDENT', entry('changed#tag', 3, { value: 'planted' }));

  expect(await keys()).toEqual(['changed#tag', 'manifest']);
  expect(await readEntry(incidentId, 'changed#profile', config)).toBeUndefined();
  expect((await readEntry(incidentId, 'changed#tag', config))?.before).toEqual({});
});
