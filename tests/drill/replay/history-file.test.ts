import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryError, parseHistory, readHistory } from '../../../drill/replay/history-file';
import { asAwsExport } from '../../fixtures/aws-history';
import { execution } from '../../fixtures/report';

const exported = asAwsExport(execution().history);
const text = (change: object = {}) => JSON.stringify({ ...exported, ...change }, null, 2);

test('reads an export, oldest event first also when it was exported in reverse', () => {
  const forwards = parseHistory(text(), 'h.json');

  expect(forwards[0]?.type).toBe('ExecutionStarted');
  expect(parseHistory(text({ events: exported.events.toReversed() }), 'h.json')).toEqual(forwards);
});

test.each([
  ['1772442003.5', 1772442003.5],
  ['2026-03-02T09:00:03.500000+00:00', '2026-03-02T09:00:03.500000+00:00'],
  ['2026-03-02T10:00:03.500000+01:00', '2026-03-02T10:00:03.500000+01:00'],
])('understands the time %s', (_title, timestamp) => {
  const [event] = parseHistory(text({ events: [{ ...exported.events[0], timestamp }] }), 'h.json');

  expect(event?.timestamp).toBe(Date.UTC(2026, 2, 2, 9, 0, 3, 500));
});

test.each<[string, string, RegExp]>([
  ['an empty file', '', /^h\.json: is empty$/],
  [
    'a document that was cut in half',
    text().slice(0, 2000),
    /^h\.json: is no whole JSON: ends within the document, at line \d+, column \d+: the export was cut$/,
  ],
  ['no JSON', 'hello}', /^h\.json: is no whole JSON: /],
  ['another document', '{"Executions":[]}', /^h\.json: events: /],
  ['no events', '{"events":[]}', /^h\.json: events: holds no events$/],
  ['an event without a type', text({ events: [{ id: 1, timestamp: 1 }] }), /^h\.json: events\.0\.type: /],
  [
    'a time that is none',
    text({ events: [{ ...exported.events[0], timestamp: 'soon' }] }),
    /^h\.json: events\.0\.timestamp: is no point in time$/,
  ],
  [
    'a missing beginning',
    text({ events: exported.events.slice(4) }),
    /begins with event 5 \(\w+\) instead of ExecutionStarted; export it anew/,
  ],
  ['a hole', text({ events: exported.events.toSpliced(3, 4) }), /events 4 to 7 are missing/],
  ['an event twice', text({ events: [...exported.events, exported.events[2]] }), /event 3 is there twice/],
])('refuses %s, and says where', (_title, content, message) => {
  expect(() => parseHistory(content, 'h.json')).toThrow(HistoryError);
  expect(() => parseHistory(content, 'h.json')).toThrow(message);
});

test('a history without its end is that of an execution that has not ended', () => {
  expect(parseHistory(text({ events: exported.events.slice(0, -3) }), 'h.json')).toHaveLength(
    exported.events.length - 3,
  );
});

test('a file that is not there is named', async () => {
  await expect(readHistory('/nowhere/h.json')).rejects.toThrow('/nowhere/h.json: cannot be read (ENOENT)');
});

test('a byte order mark is no error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  await writeFile(join(folder, 'h.json'), `\ufeff${text()}`);

  expect(await readHistory(join(folder, 'h.json'))).toHaveLength(exported.events.length);
  await rm(folder, { recursive: true });
});
