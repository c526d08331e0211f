import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvCell } from '../../cli/scoring/csv-cell';
import { writeScores } from '../../cli/scoring/write-csv';
import { parseSeries } from '../../drill/series/read';
import { tableOf } from '../../drill/series/table';
import { detectors } from '../../functions/anomaly/detectors/registry';

const formulas = [
  '=1+1',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '＝1',
  '＋1',
  '－1',
  '＠A1',
];
/** A number, alone or before a comma that the spreadsheet takes for no separator. */
const isNumber = (cell: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(,|$)/i.test(cell);
const begins = /^\s*[=+\-@＝＋－＠]/;

test.each(formulas)('%j is text', (text) => {
  const [[cell]] = parse(csvCell(text), { relax_quotes: false }) as [[string]];

  expect(cell).not.toMatch(begins);
  expect(cell).not.toMatch(/^[\t\r\n]/);
});

test.each(['0', '-1.5', '+2', '9e1', '-.5', '2014-02-14 00:00:00', 'CPUUtilization', ''])(
  '%j is left as it is',
  (text) => expect(csvCell(text)).toBe(text),
);

test('row 69: no cell of any text begins a formula, whichever separator a spreadsheet takes, nor steers a terminal', () => {
  const piece = fc.oneof(
    fc.constantFrom(...formulas, ';', ',', '"', '\n', '\t', '\u001b[2J', '\u202e', ';=1', '";=1', ',=1'),
    fc.string(),
  );
  const texts = fc.array(piece, { maxLength: 6 }).map((all) => all.join(''));
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const line = [one, other].map(csvCell).join(',');
      for (const delimiter of [',', ';', '\t'])
        for (const cell of (
          parse(line, {
            delimiter,
            relax_quotes: true,
            relax_column_count: true,
            quote: delimiter === ',' ? '"' : null,
          }) as string[][]
        ).flat())
          if (!isNumber(cell)) expect(cell.replace(/^"+/, '')).not.toMatch(begins);
      expect(line).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cf}]/u);
    }),
    { numRuns: 5000 },
  );
});

test('a column named like a formula is text in the scores that are written', () => {
  const rows = Array.from({ length: 15 }, (_, i) => `2014-02-14 ${String(i).padStart(2, '0')}:00:00,-${i % 3}.5`);
  const table = tableOf(parseSeries(`timestamp,=HYPERLINK(A1)\n${rows.join('\n')}\n`, 'cpu.csv'));
  const out = writeScores(table, detectors.get('ensemble')!.score(table.frame), true);

  expect(out.split('\n')[0]).toBe("timestamp,'=HYPERLINK(A1),score,explanation");
  expect(out).toContain(',-1.5,');
});
