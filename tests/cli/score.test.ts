import { writeScores } from '../../cli/scoring/write-csv';
import { readMetrics } from '../../drill/metrics/read-csv';
import { detectors } from '../../functions/anomaly/detectors/registry';

const score = (text: string, explain = false) => {
  const file = readMetrics(text, 'cpu.csv');
  const series = file.columns.map((values, i) => ({ metric: file.header[i + 1]!, values }));
  return writeScores(file, detectors.get('ensemble')!.score({ times: file.times, series }), explain);
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
    ['', 'line 1: the file is empty'],
    ['time,value\n', 'line 1: expected a header'],
    ['timestamp,value\n2014-02-14 14:30:00,1\n2014-02-14 14:35:00,abc\n', 'line 3: value "abc" is not a number'],
    ['timestamp,value\nyesterday,1\n', 'line 2: timestamp "yesterday" is not like'],
    ['timestamp,value\n2014-13-14 14:30:00,1\n', 'line 2: timestamp'],
    ['timestamp,value\n2014-02-14 14:30:00,1,2\n', 'line 2: expected 2 columns, found 3'],
    ['timestamp,value\n2014-02-14 14:30:00,Infinity\n', 'line 2: value "Infinity" is not a number'],
  ])('%j', (text, message) => {
    expect(() => readMetrics(text, 'cpu.csv')).toThrow(`cpu.csv, ${message}`);
  });
});
