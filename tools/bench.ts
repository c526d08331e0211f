import { Command } from 'commander';
import { defaultDetector, detectors } from '../functions/anomaly/detectors/registry';
import { trainForest } from '../functions/anomaly/forest/forest';
import { scoreNovelty } from '../functions/anomaly/novelty';
import { showColdStart } from './bench/cold-start';
import { budgets, detect } from './bench/detection';
import { familySets, generate } from './bench/generated';
import { averagePrecision, jointSet } from './bench/joint-set';
import { loadNab } from './bench/nab-data';
import type { Labelled } from './bench/nab-score';
import { nestedTables } from './bench/show-nested';
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
  const { ablation, folds, transfer } = nestedTables(series);
  say('## Nested: configuration and threshold chosen without the series that is scored');
  table(ablation);
  table(folds);
  say('## Chosen on two sets, scored on the third');
  table(transfer);
}

function showJoint(): void {
  say(
    '## Joint oddities: area under the precision-recall curve, generated sets, mean of ten forests each ± its standard error',
  );
  const forests = Array.from({ length: 10 }, (_, i) => i + 1);
  const found = [1, 2, 3, 4, 5, 6].map((seed) => {
    const { matrix, isOdd, metrics } = jointSet(seed);
    const times = Float64Array.from({ length: matrix.rows }, (_, i) => i * 300_000);
    const columnOf = (c: number) =>
      Float64Array.from({ length: matrix.rows }, (_, row) => matrix.data[row * matrix.columns + c]!);
    const alone = metrics.map((metric, c) =>
      averagePrecision(scoreNovelty(times, { metric, values: columnOf(c) }).scores, isOdd),
    );
    const ours = forests.map((s) =>
      averagePrecision(trainForest(matrix, { trees: 100, seed: s }).trainingScores, isOdd),
    );
    const sklearn = forests
      .flatMap((s) => askSklearn({ train: matrix, score: matrix, trees: 100, seed: s, repeats: 1 }) ?? [])
      .map(({ scores }) => averagePrecision(Float64Array.from(scores), isOdd));
    return { name: `${seed}`, ours, sklearn, alone: Math.max(...alone) };
  });
  const all = { name: 'all', ours: found.flatMap((one) => one.ours), sklearn: found.flatMap((one) => one.sklearn) };
  table([
    ['set', 'isolation-forest', 'scikit-learn', 'best single metric'],
    ...[...found, { ...all, alone: mean(found.map(({ alone }) => alone)) }].map(({ name, ours, sklearn, alone }) => [
      name,
      withError(ours),
      sklearn.length ? withError(sklearn) : 'not there',
      alone.toFixed(3),
    ]),
  ]);
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function withError(numbers: readonly number[]): string {
  const middle = mean(numbers);
  const variance = numbers.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (numbers.length - 1);
  return `${middle.toFixed(4)} ± ${Math.sqrt(variance / numbers.length).toFixed(4)}`;
}

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
showDetection('the first generated set', generate(familySets.first, [1, 2, 3]), false);
showDetection('the second generated set', generate(familySets.second, [1, 2, 3]), false);
if (options.nested && nab) showNested(nab);
else if (options.nested) say('Nested figures need labelled series: --nab FOLDER\n');
showJoint();
showSpeed();
void showColdStart();
