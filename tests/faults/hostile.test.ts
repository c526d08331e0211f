import type { CloudEvent } from '../../drill/cloud';
import type { Stack } from '../../drill/stack/stack';
import { drill, instanceId, onlyIncident } from '../fixtures/drill';
import { event } from '../fixtures/events';

const MARK = 'PLANTED';
const goodEvent = (change: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) => ({
  ...event('metric-alarm-cpu-high'),
  ...change,
  detail: { ...event('metric-alarm-cpu-high').detail, ...detail },
});

/** Starts the restart playbook's machine itself: what a rule that is wrong, or a person, could hand to it. */
const startWith = (input: unknown) => (stack: Stack) => {
  const machine = stack.resources.find(({ arn }) =>
    arn.endsWith('stateMachine:incident-playbooks-dev-restart-instance'),
  )!;
  setTimeout(() => void stack.machines.start(machine.arn, input), 1000);
};

/** No call of a playbook reaches EC2, CloudWatch or anything else but its own table and topic. */
const onlyRecorded = ({ ledger }: Awaited<ReturnType<typeof drill>>) =>
  expect([...new Set(ledger.filter(({ caller }) => caller).map(({ service }) => service))].sort()).toEqual([
    'dynamodb',
    'sns',
  ]);

describe('row 38: hostile input is rejected with its field, one log line, nothing of it repeated:', () => {
  test.each<[string, unknown, string]>([
    ['no event at all', { source: `$(reboot) ${MARK}`, detail: { alarmName: MARK } }, 'event.'],
    ['a name with a line break', goodEvent({}, { alarmName: `a\r\n{"level":"${MARK}"}` }), 'event.detail.alarmName'],
    ['a name with a control character', goodEvent({}, { alarmName: `a\u0000${MARK}` }), 'event.detail.alarmName'],
    ['more than 256 KiB', goodEvent({}, { alarmName: MARK + 'x'.repeat(300_000) }), 'event.detail.alarmName'],
    ['__proto__', JSON.parse(`{"__proto__":{"source":"aws.cloudwatch"},"detail":"${MARK}"}`), 'event.'],
    ['a state that is none', goodEvent({}, { state: { value: `$(${MARK})` } }), 'event.detail.state.value'],
    ['an id that is none', { start: 'manual', instanceId: `i-1;${MARK}`, reason: 'r', requestedBy: 'p' }, 'instanceId'],
  ])('%s', async (_what, input, field) => {
    const result = await drill({ fleet: [{ instanceId }], planted: [MARK], givesUpAfterMinutes: 30 }, startWith(input));

    const incident = onlyIncident(result);
    expect(incident).toMatchObject({ outcome: 'REJECTED' });
    expect(incident.reason).toContain(field);
    expect(JSON.stringify([incident, result.notices])).not.toContain(MARK);
    expect(result.logs.filter((line) => line.includes('"read-alarm"'))).toHaveLength(1);
    onlyRecorded(result);
  });
});

describe('row 39:', () => {
  test.each<[string, Record<string, unknown>]>([
    ['another account', { account: '999999999999' }],
    ['another region', { region: 'eu-west-3' }],
  ])('an event of %s is not acted on, and nothing is asked of EC2', async (_what, change) => {
    const result = await drill({ fleet: [{ instanceId }], givesUpAfterMinutes: 30 }, startWith(goodEvent(change)));

    expect(onlyIncident(result).outcome).toMatch(/^(REJECTED|SKIPPED)$/);
    onlyRecorded(result);
  });

  test('a forged source is rejected where it reaches a machine', async () => {
    const forged = startWith(goodEvent({ source: 'my.app' }));
    const result = await drill({ fleet: [{ instanceId }], givesUpAfterMinutes: 30 }, forged);

    expect(onlyIncident(result)).toMatchObject({
      outcome: 'REJECTED',
      reason: expect.stringContaining('event.source'),
    });
    onlyRecorded(result);
  });

  test('and it reaches none: a real event in everything but its source starts nothing', async () => {
    const result = await drill({}, ({ bus }) => {
      const publish = bus.publish.bind(bus);
      bus.publish = (real: CloudEvent) => {
        publish(real);
        if (real.source === 'aws.cloudwatch') publish({ ...real, id: 'forged', source: 'my.app' });
      };
    });

    expect(result.events.filter(({ source }) => source === 'my.app').length).toBeGreaterThan(0);
    expect(result.deliveries.filter(({ event: { source } }) => source === 'my.app')).toEqual([]);
    expect(result.executions).toHaveLength(1);
  });
});
