import { cell, table } from './markdown';
import { verdictExamples } from './verdict-examples';

const made = '<!-- Made by `npm run docs` from judgements of generated metrics: tools/docs/verdict-examples.ts -->';

/** The page of all kinds of sentence that a verdict can have, each with an example. Pure; ends with a line break. */
export function verdictsPage(): string {
  const rows = verdictExamples().map(({ when, judged }) => [
    judged.waitSeconds === undefined ? judged.verdict : 'watch',
    cell(when),
    cell(judged.explanation),
  ]);
  const blocks = [
    '# Verdicts',
    made,
    'Every verdict has one sentence that says why; it is the reason in the record and in the notice. These are all kinds of sentence, each from a judgement of generated metrics. What the verdicts mean is in [anomaly.md](anomaly.md#what-the-score-means).',
    table(['verdict', 'when', 'for example'], rows),
  ];
  return `${blocks.join('\n\n')}\n`;
}
