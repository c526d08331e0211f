import { Command } from 'commander';
import { defaultDetector, detectors } from '../functions/anomaly/detectors/registry';
import { trainForest } from '../functions/anomaly/forest/forest';
import { scoreNovelty } from '../functions/anomaly/novelty';
import { showColdStart } from './bench/cold-start';
import { budgets, detect } from './bench/detection';
import { generate } from './bench/generated';
import { averagePrecision, jointSet } from './bench/joint-set';
import { loadNab } from './bench/nab-data';
import type { Labelled } from './bench/nab-score';
import { choices, judgeAll, nested, viewSets } from './bench/nested';
import { askSklearn } from './bench/sklearn';
import { measureSpeed } from './bench/speed';

const program = new Command('bench')
  .description(
    'Measures detection, speed and cold starts; scikit-learn too when the python of the variable PYTHON has it.',
  )
  .option('--nab <folder>', 'labelled series in NAB form, with windows.json', '../shared/nab')
  .option('--nested', 'choose every part without the series it is measured on; takes a minute')
  .option('--all', 'the isolation forests on single series too; takes minutes');

const say = (line: string) => process.stdout.write(`${line}\n`);
const table = (rows: readonly (readonly string[])[]) => {
  for (const [i, row] of rows.entries()) {
    say(`| ${row.join(' | ')} |`);
    if (i === 0) say(`|${' --- |'.repeat(row.length)}`);
  }
  say('');
};

function showDetection(title: string, series: readonly Labelled[], all: boolean): void {
  const names = [...detectors.keys()].filter((name) => all || !name.includes('forest'));
  say(`## Detection on ${title} (in sample; ${series.length} series)`);
  const header = [
    'detector',
    'NAB at default threshold',
    'NAB at best threshold',
    ...budgets.map((b) => `hit at ${b} false a week`),
    'false alerts a week',
  ];
  const rows = names.map((name) => {
    const { atDefault, best, bestThreshold, hits, windows, falseAlertsAWeek } = detect(name, series);
    return [
      name,
      atDefault.toFixed(1),
      `${best.toFixed(1)} (${bestThreshold.toFixed(3)})`,
      ...hits.map((h) => `${h}/${windows}`),
      falseAlertsAWeek.toFixed(2),
    ];
  });
  table([header, ...rows]);
}

function showNested(series: readonly Labelled[]): void {
  const judged = judgeAll(series, choices);
  const run = (fits: (choice: (typeof choices)[number]) => boolean) => {
    const kept = choices.flatMap((choice, i) => (fits(choice) ? [i] : []));
    const result = nested(
      series,
      kept.map((i) => choices[i]!),
      kept.map((i) => judged[i]!),
    );
    return { score: result.score.toFixed(1), count: kept.length, folds: result.folds };
  };
  say('## Nested: configuration and threshold chosen without the series that is scored');
  const whole = run(() => true);
  const rows = [
    ['everything may be chosen', whole],
    ['without folding echoes', run(({ echo }) => echo === 0)],
    ['without the ramp', run(({ ramp }) => ramp === 0)],
    ['nearest neighbour only', run(({ rank }) => rank === 1)],
    ...viewSets.map((views) => [`only ${views.join(', ')}`, run((choice) => choice.views === views)] as const),
    [
      'the default, threshold nested',
      run((c) => c.views === viewSets[4] && c.rank === 1 && c.ramp === 0.25 && c.echo === 144),
    ],
  ] as const;
  table([
    ['may be chosen', 'configurations', 'pooled NAB'],
    ...rows.map(([name, { score, count }]) => [name, `${count}`, score]),
  ]);
  table([
    ['series left out', 'chosen', 'threshold', 'gain of'],
    ...whole.folds.map(({ name, choice, threshold, gain, windows }) => [
      name,
      `${choice.views.join('+')}, rank ${choice.rank}, ramp ${choice.ramp}, echo ${choice.echo}`,
      threshold.toFixed(3),
      `${gain.toFixed(2)} of ${2 * windows}`,
    ]),
  ]);
}

function showJoint(): void {
  say('## Joint oddities: area under the precision-recall curve, generated sets, mean of five forests each');
  const rows = [1, 2, 3].map((seed) => {
    const { matrix, isOdd, metrics } = jointSet(seed);
    const times = Float64Array.from({ length: matrix.rows }, (_, i) => i * 300_000);
    const columnOf = (c: number) =>
      Float64Array.from({ length: matrix.rows }, (_, row) => matrix.data[row * matrix.columns + c]!);
    const alone = metrics.map((metric, c) =>
      averagePrecision(scoreNovelty(times, { metric, values: columnOf(c) }).scores, isOdd),
    );
    const seeds = [1, 2, 3, 4, 5];
    const ours = seeds.map((s) => averagePrecision(trainForest(matrix, { trees: 100, seed: s }).trainingScores, isOdd));
    const theirs = seeds.flatMap(
      (s) => askSklearn({ train: matrix, score: matrix, trees: 100, seed: s, repeats: 1 }) ?? [],
    );
    const sklearn = theirs.map(({ scores }) => averagePrecision(Float64Array.from(scores), isOdd));
    return [`${seed}`, mean(ours), sklearn.length ? mean(sklearn) : 'not there', Math.max(...alone).toFixed(3)];
  });
  table([['set', 'isolation-forest', 'scikit-learn', 'best single metric'], ...rows]);
}

const mean = (numbers: readonly number[]) => (numbers.reduce((sum, one) => sum + one, 0) / numbers.length).toFixed(3);

function showSpeed(): void {
  say('## Speed: 13 days to train on, 1 to score, 8 metrics, 100 trees, all samples (medians of one run)');
  const rows = measureSpeed();
  const ours = rows[0]!.milliseconds;
  table([
    ['what', 'ms', 'times ours'],
    ...rows.map(({ what, milliseconds }) => [what, milliseconds.toFixed(1), (milliseconds / ours).toFixed(1)]),
  ]);
}

const options = program.parse().opts<{ nab: string; nested?: boolean; all?: boolean }>();
const nab = loadNab(options.nab);
say(`Default detector: ${defaultDetector.name}, threshold ${defaultDetector.threshold}\n`);
if (nab) showDetection(options.nab, nab, options.all ?? false);
showDetection('generated series', generate([1, 2, 3]), false);
if (options.nested) showNested(nab ?? generate([1]));
showJoint();
showSpeed();
void showColdStart();
