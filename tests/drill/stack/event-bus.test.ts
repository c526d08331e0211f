import type { CloudEvent } from '../../../drill/cloud';
import { type Delivery, EventBus } from '../../../drill/stack/event-bus';
import { seededRandom } from '../../../drill/stack/ids';
import { resolveTemplate } from '../../../drill/stack/resolve';
import { parseTemplate, TemplateError } from '../../../drill/stack/template';
import { VirtualTime } from '../../../drill/time/virtual-time';
import { place } from './fixture-stack';

const start = new Date('2026-03-01T12:00:00.000Z');
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:left';
const roleArn = 'arn:aws:iam::123456789012:role/rules';
const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:restart';

const alarmEvent = (name: string): CloudEvent => ({
  version: '0',
  id: `event-${name}`,
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '123456789012',
  time: '2026-03-01T12:00:00Z',
  region: 'us-east-1',
  resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`],
  detail: { alarmName: name, state: { value: 'ALARM' } },
});

const patternRule = (extra: Record<string, unknown> = {}, target: Record<string, unknown> = {}) => ({
  Name: 'restart-rule',
  EventPattern: { source: ['aws.cloudwatch'], detail: { alarmName: [{ prefix: 'restart-' }] } },
  Targets: [{ Id: 'machine', Arn: machineArn, RoleArn: roleArn, DeadLetterConfig: { Arn: queueArn }, ...target }],
  ...extra,
});

let time: VirtualTime;
beforeEach(() => {
  time = VirtualTime.install(start);
});
afterEach(() => time.uninstall());

function busWith(
  rule: Record<string, unknown>,
  invokeTarget: (arn: string, input: unknown) => Promise<void> | undefined,
  delivery: Partial<Delivery> = {},
) {
  const template = parseTemplate(
    JSON.stringify({ Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: rule } } }),
    'fixture',
  );
  const rules = [...resolveTemplate(template, place).values()];
  const scheduledEvent = () => ({ ...alarmEvent('schedule'), source: 'aws.events', 'detail-type': 'Scheduled Event' });
  return new EventBus({ rules, invokeTarget, delivery, random: seededRandom(3), scheduledEvent });
}

test('an event reaches the target of a rule that matches, and no other does', async () => {
  const inputs: unknown[] = [];
  const bus = busWith(patternRule(), (_arn, input) => void inputs.push(input));

  bus.publish(alarmEvent('restart-cpu'));
  bus.publish(alarmEvent('isolate-cpu'));
  await time.runUntil(() => bus.idle);

  expect(inputs).toEqual([alarmEvent('restart-cpu')]);
  expect(bus.delivered).toMatchObject([{ rule: 'restart-rule', targetArn: machineArn }]);
});

test('a rule that is disabled delivers nothing', async () => {
  const bus = busWith(patternRule({ State: 'DISABLED' }), () => undefined);

  bus.publish(alarmEvent('restart-cpu'));

  expect(bus.idle).toBe(true);
});

test('delivery is at least once: copies reach the target as often as asked', async () => {
  const inputs: unknown[] = [];
  const bus = busWith(patternRule(), (_arn, input) => void inputs.push(input), { copies: 10, jitterMs: 2000 });

  bus.publish(alarmEvent('restart-cpu'));
  await time.runUntil(() => bus.idle);

  expect(inputs).toHaveLength(10);
});

test('with jitter, events overtake each other, the same way for the same seed', async () => {
  const order = async () => {
    const seen: string[] = [];
    const bus = busWith(patternRule(), (_arn, input) => void seen.push((input as CloudEvent).id), { jitterMs: 60_000 });
    for (const name of ['restart-1', 'restart-2', 'restart-3', 'restart-4']) bus.publish(alarmEvent(name));
    await time.runUntil(() => bus.idle);
    return seen;
  };

  const first = await order();
  const second = await order();

  expect(first).not.toEqual([...first].sort());
  expect(second).toEqual(first);
});

test('what a rule may not deliver lies in its dead-letter queue, with the reason', async () => {
  const bus = busWith(patternRule(), () => undefined, { deniedRules: ['restart-rule'] });

  bus.publish(alarmEvent('restart-cpu'));
  await time.runUntil(() => bus.idle);

  expect(bus.delivered).toEqual([]);
  expect(bus.deadLetters).toMatchObject([
    { queueArn, errorCode: 'NO_PERMISSIONS', event: { id: 'event-restart-cpu' } },
  ]);
});

const hour = 3_600_000;

test.each<[string, number, object, number, string[]]>([
  ['is handled late', hour / 2, { MaximumEventAgeInSeconds: 3600 }, 1, []],
  ['is a dead letter once it is too old', 2 * hour, { MaximumEventAgeInSeconds: 3600 }, 0, ['SERVICE_UNAVAILABLE']],
  ['is a dead letter after enough tries', hour / 2, { MaximumRetryAttempts: 3 }, 0, ['SERVICE_UNAVAILABLE']],
  ['waits a day where the rule says nothing', 15 * hour, {}, 1, []],
])('while its region is down, an event %s', async (_what, downFor, RetryPolicy, started, codes) => {
  const inputs: number[] = [];
  const bus = busWith(patternRule({}, { RetryPolicy }), () => void inputs.push(Date.now() - start.getTime()), {
    downMs: [0, downFor],
  });

  bus.publish(alarmEvent('restart-cpu'));
  await time.runUntil(() => bus.idle, 48 * hour);

  expect(inputs).toHaveLength(started);
  for (const at of inputs) expect(at).toBeGreaterThanOrEqual(downFor);
  expect(bus.deadLetters.map(({ errorCode }) => errorCode)).toEqual(codes);
});

test('a target that does not exist is a dead letter too', async () => {
  const bus = busWith(patternRule(), () => {
    throw new Error('StateMachineDoesNotExist');
  });

  bus.publish(alarmEvent('restart-cpu'));
  await time.runUntil(() => bus.idle);

  expect(bus.deadLetters).toMatchObject([
    { errorCode: 'RESOURCE_NOT_FOUND', errorMessage: 'StateMachineDoesNotExist' },
  ]);
});

test('a function that fails is tried twice more, then its event is a dead letter', async () => {
  const minutes: number[] = [];
  const bus = busWith(patternRule(), async () => {
    minutes.push(Math.floor((Date.now() - start.getTime()) / 60_000));
    throw new Error('broken');
  });

  bus.publish(alarmEvent('restart-cpu'));
  await time.runUntil(() => bus.idle);

  expect(minutes).toEqual([0, 1, 3]);
  expect(bus.deadLetters).toMatchObject([{ errorCode: 'FUNCTION_FAILED', errorMessage: 'broken' }]);
});

test('Input and InputPath choose what the target gets', async () => {
  const inputs: unknown[] = [];
  const take = (_arn: string, input: unknown) => void inputs.push(input);

  for (const target of [{ Input: '{"a":1}' }, { InputPath: '$.detail.alarmName' }]) {
    const bus = busWith(patternRule({}, target), take);
    bus.publish(alarmEvent('restart-cpu'));
    await time.runUntil(() => bus.idle);
  }

  expect(inputs).toEqual([{ a: 1 }, 'restart-cpu']);
});

test('a rule with a rate runs at that rate until the bus stops', async () => {
  const times: number[] = [];
  const rule = {
    Name: 'each-minute',
    ScheduleExpression: 'rate(1 minute)',
    Targets: [{ Id: 'f', Arn: machineArn, RoleArn: roleArn }],
  };
  const bus = busWith(rule, () => void times.push(Date.now() - start.getTime()));

  bus.startSchedules();
  await time.runUntil(() => times.length === 3);
  bus.stop();

  expect(times).toEqual([60_000, 120_000, 180_000]);
});

test('what a drill cannot deliver truthfully is refused when the bus is made', () => {
  expect(() => busWith(patternRule({}, { InputTransformer: { InputTemplate: '<a>' } }), () => undefined)).toThrow(
    TemplateError,
  );
  const bus = busWith({ ScheduleExpression: 'rate(often)', Targets: [] }, () => undefined);
  expect(() => bus.startSchedules()).toThrow(/rate\(often\)/);
});
