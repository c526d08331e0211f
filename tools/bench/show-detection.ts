import { detectors } from '../../functions/anomaly/detectors/registry';
import { trainForest } from '../../functions/anomaly/forest/forest';
import { scoreNovelty } from '../../functions/anomaly/novelty';
import { budgets, detect } from './detection';
import { averagePrecision, jointSet } from './joint-set';
import type { Labelled } from './nab-score';
import { say, table } from './say';
import { nestedTables } from './show-nested';
import { askSklearn } from './sklearn';
import { measureSpeed } from './speed';

export function showDetection(title: string, series: readonly Labelled[], all: boolean): void {
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

export function showNested(series: readonly Labelled[]): void {
  const { ablation, folds, transfer } = nestedTables(series);
  say('## Nested: configuration and threshold chosen without the series that is scored');
  table(ablation);
  table(folds);
  say('## Chosen on two sets, scored on the third');
  table(transfer);
}

export function showJoint(): void {
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

export function showSpeed(): void {
  say('## Speed: 13 days to train on, 1 to score, 8 metrics, 100 trees, all samples (medians of one run)');
  const rows = measureSpeed();
  const ours = rows[0]!.milliseconds;
  table([
    ['what', 'ms', 'times ours'],
    ...rows.map(({ what, milliseconds }) => [what, milliseconds.toFixed(1), (milliseconds / ours).toFixed(1)]),
  ]);
}
