import { main } from '../../cli/score';
import { writeScores } from '../../cli/scoring/write-csv';
import { parseSeries } from '../../drill/series/read';
import { tableOf } from '../../drill/series/table';
import { detectors } from '../../functions/anomaly/detectors/registry';

const score = (text: string, explain = false) => {
  const table = tableOf(parseSeries(text, 'cpu.csv'));
  return writeScores(table, detectors.get('ensemble')!.score(table.frame), explain);
};
const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `2014-02-14 ${String(i).padStart(2, '0')}:00:00,${(i % 3) + 0.5}0`);

describe('score', () => {
  test('writes timestamp and value as they were written, and a score', () => {
    const out = score(`timestamp,value\n${lines(20).join('\n')}\n2014-02-14 20:00:00,9e1\n`).split('\n');
    expect(out[0]).toBe('timestamp,value,score');
    expect(out[1]).toBe('2014-02-14 00:00:00,0.50,0');
    expect(out[21]).toMatch(/^2014-02-14 20:00:00,9e1,0\.\d+$/);
    expect(out).toHaveLength(23);
  });
  test('leaves the score of a missing value empty', () => {
    const out = score(`timestamp,value\n${lines(12).join('\n')}\n2014-02-14 12:00:00,\n`).split('\n');
    expect(out[13]).toBe('2014-02-14 12:00:00,,');
  });
  test('reads several value columns', () => {
    const rows = lines(20).map((line) => `${line},7`);
    expect(score(`timestamp,cpu,net\n${rows.join('\n')}`).split('\n')[1]).toBe('2014-02-14 00:00:00,0.50,7,0');
  });
  test('gives each row a sentence when asked, quoted where it has commas', () => {
    const out = score(`timestamp,value\n${lines(20).join('\n')}\n2014-02-14 20:00:00,90`, true).split('\n');
    expect(out[0]).toBe('timestamp,value,score,explanation');
    expect(out[21]).toMatch(/value 90 is 87\.5 above/);
  });
});

describe('a file that cannot be read is refused with its line', () => {
  test.each([
    ['', '1:1: the file is empty'],
    ['time,value\n', '1:1: expected a header'],
    ['timestamp,value\n2014-02-14 14:30:00,1\n2014-02-14 14:35:00,abc\n', '3:2: value: "abc" is not a number'],
    ['timestamp,value\nyesterday,1\n', '2:1: timestamp "yesterday" is not a time like'],
    ['timestamp,value\n2014-13-14 14:30:00,1\n', '2:1: timestamp'],
    ['timestamp,value\n2014-02-14 14:30:00,1,2\n', '2:2: expected 2 columns, found 3'],
    ['timestamp,value\n2014-02-14 14:30:00,Infinity\n', '2:2: value: "Infinity" is not a number'],
  ])('%j', (text, message) => {
    expect(() => parseSeries(text, 'cpu.csv')).toThrow(`cpu.csv:${message}`);
  });
});

describe('any order of rows, and any form of series', () => {
  const rows = [...lines(20), '2014-02-14 20:00:00,90'];

  test('rows are scored by their time, and written as they came', () => {
    const ordered = score(`timestamp,value\n${rows.join('\n')}\n`)
      .trim()
      .split('\n');
    const reversed = score(`Timestamp,value\n${rows.toReversed().join('\n')}\n`)
      .trim()
      .split('\n');

    expect(reversed.slice(1).toReversed()).toEqual(ordered.slice(1));
    expect(reversed[0]).toBe('Timestamp,value,score');
  });

  test('of a time that stands twice, both rows have the score of the last', () => {
    const twice = score(`timestamp,value\n${[...rows, rows[20]!.replace('90', '1')].join('\n')}\n`)
      .trim()
      .split('\n');

    expect(twice.at(-1)!.split(',')[2]).toBe(twice.at(-2)!.split(',')[2]);
  });

  test('an export in JSON becomes rows', () => {
    const Timestamps = rows.map((row) => `${row.split(',')[0]!.replace(' ', 'T')}Z`);
    const Values = rows.map((row) => Number(row.split(',')[1]));
    const out = score(JSON.stringify({ MetricDataResults: [{ Id: 'm1', Label: 'cpu', Timestamps, Values }] })).split(
      '\n',
    );

    expect(out[0]).toBe('timestamp,cpu,score');
    expect(out[21]).toMatch(/^2014-02-14T20:00:00\.000Z,90,0\.\d+$/);
  });
});

describe('the command', () => {
  test.each([
    ['a file that is not there', ['--metrics', 'nowhere.csv'], /^nowhere\.csv:1: cannot be read \(ENOENT\)/],
    ['no file', [], /--metrics FILE is required/],
    ['a detector that does not exist', ['--detector', 'eye'], /Allowed choices are/],
  ])('%s: exit code 2, and what is wrong in a line', async (_title, argv, message) => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

    const code = await main(argv);
    const text = said.mock.calls.join('');
    said.mockRestore();

    expect(code).toBe(2);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n\s+at /);
  });
});

test('a state and an alert are two columns: one alert for each trouble', () => {
  const rows = [...Array(20).keys()].map((i) => `2014-02-14 ${String(i).padStart(2, '0')}:00:00,${(i % 3) + 0.5}`);
  const table = tableOf(
    parseSeries(`timestamp,value\n${rows.join('\n')}\n2014-02-14 20:00:00,90\n2014-02-14 20:30:00,60\n`, 'cpu.csv'),
  );
  const out = writeScores(table, detectors.get('ensemble')!.score(table.frame), false, 0.21).split('\n');
  const [, , score, alert] = out[21]!.split(',');
  expect(out[0]).toBe('timestamp,value,score,alert');
  expect(Number(score)).toBeGreaterThan(0.21);
  expect(alert).toBe(score);
  expect(Number(out[22]!.split(',')[2])).toBeGreaterThan(0.21);
  expect(out[22]!.split(',')[3]).toBe('0');
});
