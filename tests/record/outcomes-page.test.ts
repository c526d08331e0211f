import { readFileSync } from 'node:fs';
import { outcomesPage, withOutcomes } from '../../tools/docs/outcomes';

test('the pages of outcomes and codes say what the code says: `npm run docs` brings them up to date', () => {
  const operating = readFileSync('docs/operating.md', 'utf8');

  expect(outcomesPage()).toBe(readFileSync('docs/outcomes.md', 'utf8'));
  expect(withOutcomes(operating)).toBe(operating);
});
