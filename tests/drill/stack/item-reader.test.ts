import { SimulatedCloud } from '../../../drill/cloud';
import { DefinitionError } from '../../../drill/stack/definition';
import { pathOf } from '../../../drill/stack/history';
import { VirtualTime } from '../../../drill/time/virtual-time';
import { fixtureStack, functionArn, machineArn, place } from './fixture-stack';

let time: VirtualTime;
beforeEach(() => {
  time = VirtualTime.install(new Date('2026-03-01T12:00:00.000Z'));
});
afterEach(() => time.uninstall());

const list = JSON.stringify(['a', 'b', 'c'].map((item) => ({ item })));
const definition = {
  StartAt: 'List',
  States: {
    List: { Type: 'Pass', Next: 'Each' },
    Each: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { Bucket: 'lists', 'Key.$': '$.key' },
      },
      MaxConcurrencyPath: '$.atOnce',
      ItemSelector: { 'one.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Work',
        States: { Work: { Type: 'Task', Resource: functionArn('work'), End: true } },
      },
      ResultPath: '$.results',
      Catch: [{ ErrorEquals: ['States.ItemReaderFailed'], ResultPath: '$.error', Next: 'Caught' }],
      End: true,
    },
    Caught: { Type: 'Pass', End: true },
  },
};
const inBucket = async (cloud: SimulatedCloud, text: string, Key = 'list.json') => {
  cloud.s3.createBucket('lists', undefined, false);
  const call = { service: 's3', command: 'PutObject', input: { Bucket: 'lists', Key, Body: text } } as const;
  await time.run(cloud.integrate({ functionName: 'test', executionId: '', stateName: '' }, call));
};
const runIt = async (text: string, given: object = {}) => {
  const cloud = new SimulatedCloud({ account: place.account, region: place.region, random: () => 0, emit: () => {} });
  const stack = await time.realWork(
    fixtureStack(definition, { work: (event) => event }, {}, (call, from) =>
      cloud.integrate({ functionName: 'states', ...from }, call),
    ),
  );
  await inBucket(cloud, text);
  const execution = stack.runner.start(machineArn, { key: 'list.json', atOnce: 2, ...given }, 'first');
  await time.run(stack.runner.allEnded());
  return execution;
};

test('a Map that reads its items from S3 runs for each of them, and is one state in the history', async () => {
  const execution = await runIt(list);

  expect(execution.output).toMatchObject({
    results: ['a', 'b', 'c'].map((item, index) => ({ one: { item }, index })),
  });
  expect(pathOf(execution.history)).toEqual(['List', 'Each', 'Work', 'Work', 'Work']);
  const each = execution.history.filter((event) => 'state' in event && event.state === 'Each');
  expect(each.map(({ type }) => type)).toEqual(['StateEntered', 'StateExited']);
  expect(each).toMatchObject([{ stateType: 'Map' }, { stateType: 'Map' }]);
});

test.each([
  ['no array', '{"a":1}', {}],
  ['no JSON', 'a,b', {}],
  ['not there', list, { key: 'other.json' }],
])('a Map whose object is %s fails by its name', async (_what, text, given) => {
  const execution = await runIt(text, given);

  expect(pathOf(execution.history)).toEqual(['List', 'Each', 'Caught']);
  expect(execution.output).toMatchObject({ error: { Error: 'States.ItemReaderFailed' } });
});

test('an empty list has no items', async () => {
  expect((await runIt('[]')).output).toMatchObject({ results: [] });
});

test('what a drill cannot read as AWS does is refused', async () => {
  const { Each } = definition.States;
  const refused = (change: object) =>
    time.realWork(
      fixtureStack({ ...definition, States: { ...definition.States, Each: { ...Each, ...change } } }, {}, {}),
    );

  for (const change of [
    { ItemReader: { ...Each.ItemReader, ReaderConfig: { InputType: 'CSV' } } },
    { ItemProcessor: { ...Each.ItemProcessor, ProcessorConfig: { Mode: 'INLINE' } } },
    { ItemsPath: '$.rows' },
  ])
    await expect(refused(change)).rejects.toThrow(DefinitionError);
});
