import { stripVTControlCharacters } from 'node:util';
import wrapAnsi from 'wrap-ansi';
import { wrapFor, wrapLine } from '../../../drill/render/wrap';

const wrap = (text: string, columns: number) => wrapAnsi(text, columns, { hard: true });
const long =
  'It will stop and start the instance, since it is the first rung for this alarm, and nothing speaks against it.';

test.each([80, 120, 40])('no line is wider than %i columns, and no word is broken', (columns) => {
  const lines = wrapLine(`09:20:04  ${long} ${long}`, columns, wrap).split('\n');

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(lines.map((line) => line.trim()).join(' ')).toBe(`09:20:04  ${long} ${long}`);
});

test.each([
  ['a time', `09:20:04  ${long}`, 10],
  ['a day and a time', `2026-03-02 09:20:04  ${long}`, 21],
  ['a time and a mark', `09:20:04  ✔ ${long}`, 12],
  ['an indent', `    ${long}`, 4],
  ['an outcome', `RESOLVED  ${long}`, 10],
  ['a first word of one letter', `A ${long}`, 0],
  ['nothing', long, 0],
])('what goes on stands below where the text began, behind %s', (_title, line, indent) => {
  const [, second = ''] = wrapLine(line, 60, wrap).split('\n');

  expect(/^ */.exec(second)![0]).toHaveLength(indent);
});

test('colours do not count, and go on', () => {
  const text = wrapLine(`\u001b[2m09:20:04\u001b[22m  \u001b[31m${long}\u001b[39m`, 60, wrap);
  const lines = text.split('\n');

  expect(Math.max(...lines.map((line) => stripVTControlCharacters(line).length))).toBeLessThanOrEqual(60);
  expect(stripVTControlCharacters(lines[1]!)).toMatch(/^ {10}\S/);
});

test('a file or a pipe gets whole lines', async () => {
  expect((await wrapFor({}))(long.repeat(3))).toBe(long.repeat(3));
  expect((await wrapFor({ isTTY: true, columns: 60 }))(long)).toContain('\n');
});
