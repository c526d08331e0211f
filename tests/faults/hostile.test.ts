import { writeScores } from '../../cli/scoring/write-csv';
import type { CloudEvent } from '../../drill/cloud';
import { resultLines } from '../../drill/render/lines';
import { plainPaint } from '../../drill/render/paint';
import { toJson } from '../../drill/render/shown';
import { fromDrill } from '../../drill/report/input';
import { renderMarkdown } from '../../drill/report/markdown';
import { renderReport } from '../../drill/report/report';
import { parseSeries } from '../../drill/series/read';
import { tableOf } from '../../drill/series/table';
import type { Stack } from '../../drill/stack/stack';
import { detectors } from '../../functions/anomaly/detectors/registry';
import { drill, type Given, instanceId, onlyIncident } from '../fixtures/drill';
import { event } from '../fixtures/events';
import { findingEvent } from '../fixtures/finding';

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

describe('row 69: control characters, Markdown and formulas in what outsiders wrote are shown as text:', () => {
  const forged =
    '\\*ok\\* `` <@U012345> <!channel> [AWS](https://evil.example)\n\nSeverity: info\u001b[2J\u202e<script>x</script> =1+1';
  const given: Given = {
    playbook: 'isolate-instance',
    fleet: [{ instanceId, tags: { 'incident-playbooks:enabled': forged, Name: forged } }],
    starts: {
      by: 'event',
      events: [findingEvent({ detail: { title: forged } }), { ...findingEvent({ n: 2 }), id: 'second' }],
    },
    givesUpAfterMinutes: 30,
  };
  const run = async () => {
    let messages: Stack['cloud']['sns']['messages'] = [];
    const result = await drill(given, ({ cloud }) => {
      messages = cloud.sns.messages;
    });
    return { result, messages };
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/;

  test('in notices, no line, mention, link or markup is theirs', async () => {
    const { result, messages } = await run();
    const told = messages.filter(({ message }) => message.includes('does not have the tag'));

    expect(onlyIncident({ ...result, incidents: result.incidents.slice(0, 1) }).outcome).toBe('ESCALATED');
    expect(told.length).toBeGreaterThan(0);
    for (const { message, attributes } of told) {
      const { content } = JSON.parse(attributes?.chat?.StringValue ?? '');
      const theirs = content.description.split('\n').filter((line: string) => line.includes('U012345'));
      // The reason, the title, the timeline, and the name of the instance.
      expect(theirs).toHaveLength(4);
      for (const line of theirs) expect(line.replace(/\\./g, '')).not.toMatch(/[\\*_`<>|[\]()@#!]/);
      expect(content.title).not.toMatch(steering);
      for (const text of [message, content.description]) {
        expect(text).not.toMatch(steering);
        expect(text.split('\n')).not.toContain('Severity: info');
      }
    }
  });

  test('on the terminal, in JSON, in a ticket and on a page nothing steers, and nothing is markup', async () => {
    const { result } = await run();
    const input = fromDrill(result, () => undefined);

    expect(resultLines(result, plainPaint, true).join('\n')).not.toMatch(steering);
    expect(toJson(result.incidents)).not.toMatch(steering);
    expect(renderMarkdown(input)).not.toMatch(steering);
    expect(renderMarkdown(input).replace(/\\./g, '')).not.toMatch(/<(script|@|!)|\]\(https:..evil/);
    expect(await renderReport(input)).not.toMatch(/<script>x/);
  });

  test('in a table for a spreadsheet, no cell begins a formula', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `2014-02-14 ${String(i).padStart(2, '0')}:00:00,${i}`);
    const table = tableOf(parseSeries(`timestamp,"=cmd|' /C calc'!A0"\n${rows.join('\n')}\n`, 'cpu.csv'));
    const out = writeScores(table, detectors.get('ensemble')!.score(table.frame), true);

    expect(out.split(/[,\n]/).filter((cell) => /^\s*[=+@]/.test(cell))).toEqual([]);
    expect(out).toContain("'=cmd");
  });
});
