import { codeTable } from '../../functions/record/codes';
import { outcomeMeanings, outcomes, outcomeTable } from '../../functions/record/outcomes';
import { cell, code, table } from './markdown';

const made = '<!-- Made by `npm run docs` from functions/record/outcomes.ts and codes.ts -->';

/** The page of all outcomes and codes. Pure; ends with a line break. */
export function outcomesPage(): string {
  const blocks = [
    '# Outcomes and codes',
    made,
    'Every incident ends with one outcome, one code and a reason. The outcome says how it ended; the code says which rule or error ended it.',
    '## Outcomes',
    outcomesTable(),
    '## Codes',
    'In addition to its outcome, an incident counts towards the metrics listed here.',
    codesTable(),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const section = /(<!-- outcomes: made by `npm run docs` -->\n\n)[\s\S]*?(\n\n<!-- \/outcomes -->)/;

/**
 * Puts the table of outcomes into the page's section for it.
 * @throws RangeError if the page has no such section
 */
export function withOutcomes(page: string): string {
  if (!section.test(page)) throw new RangeError('The page has no section "outcomes" to fill.');
  return page.replace(section, (_all, begin: string, end: string) => `${begin}${outcomesTable()}${end}`);
}

function outcomesTable(): string {
  const head = ['outcome', 'console', 'severity', 'what happened', 'what to do'];
  const rows = outcomes.map((outcome) => {
    const { execution, severity, todo } = outcomeTable[outcome];
    return [outcome, execution === 'none' ? '–' : execution, severity, cell(outcomeMeanings[outcome]), cell(todo)];
  });
  return table(head, rows);
}

function codesTable(): string {
  const rows = [...codeTable()].map(([name, { by, todo, counts = [] }]) => [
    code(name),
    by,
    counts.map((one) => one.name).join(', '),
    cell(todo),
  ]);
  return table(['code', 'reported by', 'counted as', 'what to do'], rows);
}
