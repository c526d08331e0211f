import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdicts } from '../../../functions/anomaly/verdict';
import { type VerdictExample, verdictExamples } from '../../../tools/docs/verdict-examples';
import { verdictsPage } from '../../../tools/docs/verdicts';

let examples: VerdictExample[];
beforeAll(() => {
  examples = verdictExamples();
});

test('the page of verdicts is up to date', () => {
  expect(readFileSync(join(__dirname, '../../../docs/verdicts.md'), 'utf8')).toBe(verdictsPage());
});

test('has every verdict, and every view that can be the reason', () => {
  expect(new Set(examples.map(({ judged }) => judged.verdict))).toEqual(new Set(verdicts));
  const views = new Set(examples.map(({ judged }) => judged.view));
  for (const view of ['value', 'change-1', 'mean-48', 'same-time', 'joint']) expect(views).toContain(view);
});

test('every kind has a sentence of its own, which reads as one', () => {
  const kinds = examples.map(({ judged }) => judged.explanation.replace(/[\d.]+/g, '0'));
  for (const { judged } of examples) {
    expect(judged.explanation).toMatch(/^(?:[A-Z]|mem_)[^\n]*[^.]\.$/);
    expect(judged.explanation).not.toMatch(/NaN|undefined|null|Infinity| {2}|\.\./);
  }
  // A failed check says the same whether it is the alarm's own or speaks against a veto.
  expect(kinds.length - new Set(kinds).size).toBeLessThanOrEqual(1);
});

test.each([
  ['as never before', /^CPUUtilization 97 % is [\d.]+ points above the second nearest value of 14 days\.$/],
  ['too low', /^CPUUtilization 2 % is [\d.]+ points below/],
  ['only all metrics together', /what the other metrics say, and NetworkOut and NetworkIn too are out of the ordinary/],
  ['longer than ever before', /^CPUUtilization has been at [\d.]+ % or more for 45 minutes, which is longer than ever/],
  ['fewer than three days', /no anomaly, but is not known to be normal either: 95 % or more was reached on only 2 of/],
  ['outbound traffic surges', /while NetworkIn is as usual: data may be leaving the instance/],
])('the sentence of "%s" says what it is about', (when, sentence) => {
  expect(examples.find((one) => one.when.includes(when))?.judged.explanation).toMatch(sentence);
});
