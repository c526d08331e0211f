import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { packageStage } from '../../../drill/packaging/package-stage';
import { DrillBrokenError, runScenario } from '../../../drill/scenario/run';
import { scenarioSchema } from '../../../drill/scenario/schema';
import { metricAlarmsFor } from '../../../drill/stack/alarms';
import { functionVariables, ownVariables } from '../../../drill/stack/environment';
import { HandlerNotFoundError, loadHandler } from '../../../drill/stack/handlers';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { resolveTemplate } from '../../../drill/stack/resolve';
import { bringUp, StackInUseError, type StackOptions } from '../../../drill/stack/stack';
import type { StackResource } from '../../../drill/stack/template';
import { place } from './fixture-stack';

afterAll(stopRecordStore);

const options: StackOptions = { stage: 'dev', seed: 1, start: new Date('2026-03-02T09:00:00Z'), fleet: [{}, {}] };

test('a stack that has ended leaves clock, environment and randomness as they were', async () => {
  const before = { random: Math.random, setTimeout: globalThis.setTimeout, table: process.env.TABLE_NAME };
  process.env.AWS_PROFILE = 'mine';

  const stack = await bringUp(options);
  const during = { profile: process.env.AWS_PROFILE, now: new Date().toISOString(), table: process.env.TABLE_NAME };
  stack.end();

  expect(during).toEqual({
    profile: undefined,
    now: '2026-03-02T09:00:00.000Z',
    table: 'incident-playbooks-dev-incidents',
  });
  expect(process.env.AWS_PROFILE).toBe('mine');
  expect({ random: Math.random, setTimeout: globalThis.setTimeout, table: process.env.TABLE_NAME }).toEqual(before);
  delete process.env.AWS_PROFILE;
});

test('one stack at a time, and the next one begins with empty tables', async () => {
  const first = await bringUp(options);
  await expect(bringUp(options)).rejects.toThrow(StackInUseError);
  first.end();

  const second = await bringUp(options);
  second.end();

  expect(second.cloud.ledger.entries).toEqual([]);
});

test('a stage that cannot be brought up leaves nothing behind', async () => {
  const template = { Parameters: {}, Mappings: {}, Conditions: {}, Resources: {} };
  const broken = {
    ...template,
    Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'no/such.handler' } } },
  };

  await expect(bringUp({ ...options, template: broken })).rejects.toThrow(HandlerNotFoundError);

  const next = await bringUp(options);
  next.end();
  expect(process.env.STAGE).toBeUndefined();
});

test('each instance of a fleet has its own alarms, named by the same prefix', async () => {
  const resources = [...resolveTemplate(await packageStage('dev'), place).values()];

  const alarms = metricAlarmsFor(resources, ['i-0000000000000000a', 'i-0000000000000000b']);

  const cpu = alarms.filter(({ MetricName }) => MetricName === 'CPUUtilization');
  expect(cpu.map(({ AlarmName, Dimensions }) => [AlarmName, Dimensions?.[0]?.Value])).toEqual([
    ['restart-instance-dev-cpu-high', 'i-0000000000000000a'],
    ['restart-instance-dev-cpu-high-i-0000000000000000b', 'i-0000000000000000b'],
  ]);
  expect(cpu[0]).toMatchObject({ Threshold: 80, Period: 300 });
  expect(alarms.filter(({ Namespace }) => Namespace === 'AWS/SQS')).toHaveLength(1);
});

test('a call that the simulated cloud does not model breaks the drill, whoever caught the error', async () => {
  const { ec2 } = await import('../../../functions/shared/clients/ec2');
  const scenario = scenarioSchema.parse({
    name: 'x',
    story: 'A call nobody modelled.',
    starts: { by: 'manual' },
    expect: {},
  });
  const onUp = () => void setTimeout(() => ec2.send(new DescribeRegionsCommand({})).catch(() => {}), 1000);

  await expect(runScenario(scenario, { onUp })).rejects.toThrow(DrillBrokenError);
});

const withVariables = (logicalId: string, Variables: Record<string, string>): StackResource => ({
  logicalId,
  type: 'AWS::Lambda::Function',
  ref: logicalId,
  arn: logicalId,
  properties: { Environment: { Variables } },
});

test('each function reads its own capability, and none of another', () => {
  const functions = [
    withVariables('A', { MODE: 'act', SPOKE_CAPABILITY: 'read' }),
    withVariables('B', { MODE: 'act', SPOKE_CAPABILITY: 'power' }),
    withVariables('C', { MODE: 'act' }),
  ];
  let running: string | undefined;
  const undo = ownVariables(functions, () => running);
  const seen = ['A', 'B', 'C', undefined].map((name) => {
    running = name;
    return process.env.SPOKE_CAPABILITY;
  });
  const { PATH } = process.env;
  process.env.SET_MEANWHILE = 'stays';
  undo();

  expect(functionVariables(functions)).toEqual({ MODE: 'act' });
  expect(seen).toEqual(['read', 'power', undefined, undefined]);
  expect(PATH).toBe(process.env.PATH);
  expect(process.env.SET_MEANWHILE).toBe('stays');
  delete process.env.SET_MEANWHILE;
});

test('functions that want different values of one variable cannot share a process', () => {
  const withMode = (logicalId: string, MODE: string) => withVariables(logicalId, { MODE });

  expect(functionVariables([withMode('A', 'act'), withMode('B', 'act')])).toEqual({ MODE: 'act' });
  expect(() => functionVariables([withMode('A', 'act'), withMode('B', 'observe')])).toThrow(/B: MODE differs/);
});

test.each(['functions/alarm/no-such-file.handler', 'functions/alarm/read-alarm.nothing', 'nonsense'])(
  'the handler %s is not found, and the error says where it was looked for',
  async (property) => {
    await expect(loadHandler(property)).rejects.toThrow(HandlerNotFoundError);
    await expect(loadHandler(property)).rejects.toThrow(property);
  },
);
