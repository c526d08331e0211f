import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariants } from '../../drill/check/facts';
import { textOf } from '../../tools/docs/pages';

const page = textOf('docs/guarantees.md');
const rows = [...page.matchAll(/^\|\s*(\d+)\s*\|[^|]+\|([^|]+)\|$/gm)].map(([, row, tests = '']) => ({
  row: Number(row),
  files: [...tests.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file),
}));

test('the page has the 48 faults, in order, and after them those of AWS, each once', () => {
  const numbers = rows.map(({ row }) => row);

  expect(numbers.slice(0, 48)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
});

test.each(rows)('the tests that it links for row $row name that row', ({ row, files }) => {
  const silent = files.filter(
    (file) => !new RegExp(`\\brow ${row}\\b`).test(readFileSync(join(__dirname, '../..', file), 'utf8')),
  );

  expect(files.length).toBeGreaterThan(0);
  expect(silent).toEqual([]);
});

test('the page promises every invariant that the checker knows, and says how each is kept', () => {
  const promised = [...page.matchAll(/^\| \*\*([A-Z])\*\* /gm)].map(([, letter]) => letter);
  const kept = [...page.matchAll(/^\*\*([A-Z]), /gm)].map(([, letter]) => letter);

  expect(promised).toEqual([...invariants]);
  expect(kept).toEqual([...invariants]);
});
