import { fromAwsHistory } from '../../../drill/history/convert';
import { parseHistory } from '../../../drill/history/read';
import { InputFileError } from '../../../drill/input/input-file-error';
import { decode } from '../../../drill/input/read-text';
import { parseRecords } from '../../../drill/records/read';
import { foldedPath } from '../../../drill/replay/compare';
import { reportOnHistory } from '../../../drill/replay/to-report';
import { inOrder } from '../../../drill/series/in-order';
import { parseSeries } from '../../../drill/series/read';
import { toMarkdown } from '../../../functions/review/markdown';
import { review } from '../../../functions/review/review';
import { exportPoints, historyExport, scanExport, seriesExports } from '../../fixtures/exports';
import { mutated } from '../../fixtures/mutate';

/** CI reads 10,000 of each form. */
const runs = Number(process.env.FUZZ_EXPORTS ?? 400);

/** Every instant that a text could be said to hold, by another way than the reader's; none that rolls over. */
function instantsIn(text: string): Set<number> {
  const found = new Set<number>();
  const add = (time: string, zone = 'Z') => {
    const utc = `${time.replaceAll('/', '-').replace(' ', 'T')}`;
    const at = Date.parse(`${utc}Z`);
    if (new Date(at).toISOString().startsWith(utc.slice(0, 19))) found.add(Math.floor(Date.parse(utc + zone)));
  };
  for (const [day] of text.matchAll(/\d{4}[-/]\d\d[-/]\d\d/g)) {
    if (!Number.isNaN(Date.parse(day))) add(`${day} 00:00:00`);
  }
  for (const [, time = '', zone] of text.matchAll(
    /(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d|[+-]\d\d)?/g,
  )) {
    const whole = /:\d\d:/.test(time) ? time : `${time}:00`;
    const full = zone !== undefined && /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone;
    if (!Number.isNaN(Date.parse(`${whole.replaceAll('/', '-').replace(' ', 'T')}Z`))) add(whole, full);
  }
  for (const [number] of text.matchAll(/\d{9,13}(?:\.\d+)?/g)) {
    found.add(Math.round(Number(number) * 1000));
    found.add(Math.round(Number(number)));
  }
  return found;
}

const numbersIn = (text: string) =>
  new Set([...text.matchAll(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi)].map(([number]) => Number(number)));

/** Reads it right, or refuses it as an error of the file with its line: anything else is what this test is for. */
function readOrRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputFileError)) throw error;
    if (!/^export:\d+(:\d+)?: \S/.test(error.message)) throw new Error('a refusal without a line', { cause: error });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal must not get them
    if (/[\u0000-\u001f\u007f-\u009f]/.test(error.message)) throw new Error('a control character', { cause: error });
    return undefined;
  }
}

const seeds = Array.from({ length: runs }, (_, i) => i + 1);

describe.each(Object.entries(seriesExports))('series as %s', (form, make) => {
  const whole = make();

  test('is read as it is', () => {
    const { times, values } = parseSeries(whole, 'export').columns[0]!;

    expect(times.map((at, i) => ({ at, value: values[i] }))).toEqual(exportPoints);
  });

  test.each<[string, (text: string) => Buffer]>([
    ['with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['in UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['with line ends of Windows', (text) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['with empty lines at its end', (text) => Buffer.from(`${text}\n\n`)],
    [
      'with its times ahead of UTC',
      (text) => Buffer.from(text.replace(/T2(\d):(\d\d:\d\d)\.000Z/g, (_, hour, rest) => `T1${hour}:${rest}-10:00`)),
    ],
  ])('%s it is the same', (_title, change) => {
    expect(parseSeries(decode(change(whole), 'export'), 'export').columns[0]).toMatchObject({
      times: exportPoints.map(({ at }) => at),
      values: exportPoints.map(({ value }) => value),
    });
  });

  test(`${runs} mutated exports are read right, or refused with a line`, () => {
    let read = 0;
    for (const seed of seeds) {
      const text = mutated(whole, seed);
      const series = readOrRefused(() => parseSeries(decode(Buffer.from(text), 'export'), 'export'));
      if (!series) continue;
      read += 1;
      const instants = instantsIn(text);
      const numbers = numbersIn(text);
      for (const { times, values } of series.columns) {
        const { times: sorted, values: ordered } = inOrder(times, values);
        const lost = sorted.filter((at, i) => !instants.has(at) || (i > 0 && at <= sorted[i - 1]!));
        const made = ordered.filter((value) => !Number.isNaN(value) && !numbers.has(value) && form !== 'metricStream');
        if (lost.length > 0 || made.length > 0) throw new Error(`seed ${seed} of ${form} was misread: ${lost} ${made}`);
      }
    }

    // Were nothing read, or nothing refused, the mutations would not be worth much.
    expect(read).toBeGreaterThan(runs / 20);
    expect(read).toBeLessThan(runs * 0.95);
  });
});

test(`${runs} mutated histories are read right, or refused with a line, and what is read can be shown`, () => {
  const whole = historyExport();
  let read = 0;
  for (const seed of seeds) {
    const text = mutated(whole, seed);
    const found = readOrRefused(() => parseHistory(decode(Buffer.from(text), 'export'), 'export'));
    if (!found) continue;
    read += 1;
    const instants = instantsIn(text);
    const wrong = found.events.filter(({ id, timestamp }, i) => id !== i + 1 || !instants.has(timestamp));
    if (wrong.length > 0) throw new Error(`seed ${seed} was misread: ${JSON.stringify(wrong)}`);
    const history = fromAwsHistory(found.events);
    foldedPath(history);
    reportOnHistory({ name: 'h', story: 's', origin: 'history', setting: '', id: 'h', machine: 'm', history });
  }

  expect(read).toBeGreaterThan(runs / 20);
  expect(read).toBeLessThan(runs * 0.95);
});

test(`${runs} mutated scans are read right, or refused with a line, and what is read can be reviewed`, () => {
  const whole = scanExport();
  let read = 0;
  for (const seed of seeds) {
    const text = mutated(whole, seed);
    const found = readOrRefused(() => parseRecords(decode(Buffer.from(text), 'export'), 'export'));
    if (!found) continue;
    read += 1;
    const instants = instantsIn(text);
    const wrong = found.records.filter(
      ({ openedAt, closedAt }) => !instants.has(Date.parse(openedAt)) || !instants.has(Date.parse(closedAt)),
    );
    if (wrong.length > 0) throw new Error(`seed ${seed} was misread: ${JSON.stringify(wrong)}`);
    const window = { stage: 'dev', from: new Date('2026-01-01'), until: new Date('2027-01-01') };
    toMarkdown(review(found.records, found.series, window));
  }

  expect(read).toBeGreaterThan(runs / 20);
  expect(read).toBeLessThan(runs * 0.95);
});
