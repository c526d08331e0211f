import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryError, parseHistory, readHistory } from '../../../drill/history/read';
import { asAwsExport } from '../../fixtures/aws-history';
import { execution } from '../../fixtures/report';

const exported = asAwsExport(execution().history);
const text = (change: object = {}) => JSON.stringify({ ...exported, ...change }, null, 2);

test('reads an export, oldest event first also when it was exported in reverse', () => {
  const { events: forwards } = parseHistory(text(), 'h.json');

  expect(forwards[0]?.type).toBe('ExecutionStarted');
  expect(parseHistory(text({ events: exported.events.toReversed() }), 'h.json').events).toEqual(forwards);
});

test.each([
  ['1772442003.5', 1772442003.5],
  ['1772442003500 (milliseconds)', 1772442003500],
  ['2026-03-02T09:00:03.500000+00:00', '2026-03-02T09:00:03.500000+00:00'],
  ['2026-03-02T10:00:03.500000+01:00', '2026-03-02T10:00:03.500000+01:00'],
])('understands the time %s', (_title, timestamp) => {
  const [event] = parseHistory(text({ events: [{ ...exported.events[0], timestamp }] }), 'h.json').events;

  expect(event?.timestamp).toBe(Date.UTC(2026, 2, 2, 9, 0, 3, 500));
});

test.each<[string, string, RegExp]>([
  ['an empty file', '', /^h\.json:1:1: the file is empty\. Export it with `aws stepfunctions get-execution-history/],
  [
    'a document that was cut in half',
    text().slice(0, 2000),
    /^h\.json:\d+:\d+: the document ends here but is not complete: the export was cut$/,
  ],
  ['no JSON', 'hello}', /^h\.json:1:1: this is not valid JSON$/],
  ['another document', '{"Executions":[]}', /^h\.json:1:1: is not a history: it has no "events"/],
  ['no events', '{"events":[]}', /^h\.json:1:11: events: has no events$/],
  [
    'an event without a type',
    JSON.stringify({ events: [{ id: 1, timestamp: 1_772_442_003 }] }),
    /^h\.json:1:\d+: events\[0\]\.type: is missing$/,
  ],
  [
    'a time that is none',
    text({ events: [{ ...exported.events[0], timestamp: 'soon' }] }),
    /^h\.json:\d+:\d+: events\[0\]\.timestamp: "soon" is not a time like/,
  ],
  [
    'a missing beginning',
    text({ events: exported.events.slice(4) }),
    /: begins with event 5 \("\w+"\) instead of ExecutionStarted\. Export it/,
  ],
  [
    'a time in microseconds',
    text({ events: [{ ...exported.events[0], timestamp: 1_772_442_003_500_000 }] }),
    /events\[0\]\.timestamp: "1772442003500000" counts microseconds/,
  ],
  [
    'a time that rolls over',
    text({ events: [{ ...exported.events[0], timestamp: '2026-02-31T09:00:00Z' }] }),
    /"2026-02-31T09:00:00Z" is not a day in the calendar$/,
  ],
  [
    'an event that is its own predecessor',
    text({ events: exported.events.with(2, { ...exported.events[2], previousEventId: 3 }) }),
    /^h\.json:\d+:\d+: events\[2\]\.previousEventId: is not the number of an earlier event$/,
  ],
  ['a hole', text({ events: exported.events.toSpliced(3, 4) }), /events 4 to 7 are missing/],
  ['an event twice', text({ events: [...exported.events, exported.events[2]] }), /event 3 occurs twice/],
])('refuses %s, and says where', (_title, content, message) => {
  expect(() => parseHistory(content, 'h.json')).toThrow(HistoryError);
  expect(() => parseHistory(content, 'h.json')).toThrow(message);
});

test('a history without its end is that of an execution that has not ended', () => {
  expect(parseHistory(text({ events: exported.events.slice(0, -3) }), 'h.json').events).toHaveLength(
    exported.events.length - 3,
  );
});

test('a file that is not there is named', async () => {
  await expect(readHistory('/nowhere/h.json')).rejects.toThrow('/nowhere/h.json:1: cannot be read (ENOENT)');
});

test('a byte order mark is no error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  await writeFile(join(folder, 'h.json'), `\ufeff${text()}`);

  expect((await readHistory(join(folder, 'h.json'))).events).toHaveLength(exported.events.length);
  await rm(folder, { recursive: true });
});

test.each(['nextToken', 'NextToken'])('an export that was cut says so by its %s', (token) => {
  expect(parseHistory(text({ [token]: 'abc' }), 'h.json').isCut).toBe(true);
  expect(parseHistory(text(), 'h.json').isCut).toBe(false);
});

test('a field that a tool wrote as null is one that is missing', () => {
  const [first, ...rest] = exported.events;
  const withNull = { ...first, executionStartedEventDetails: { input: null, stateMachineVersionArn: null } };

  expect(parseHistory(text({ events: [withNull, ...rest] }), 'h.json').events[0]?.type).toBe('ExecutionStarted');
});
