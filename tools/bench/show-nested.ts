import { defaultNovelty } from '../../functions/anomaly/novelty';
import { prepare, thresholds } from './gains';
import { familySets, generate } from './generated';
import type { Labelled } from './nab-score';
import { best, choices, type Ground, gainsOfAll, nested, optionalViews, scoreAtPick } from './nested';

/** Rows of a table, the header first. */
export type Rows = string[][];

const SEEDS = [1, 2, 3];

const every = choices.map((_, index) => index);
const without = (view: string) => every.filter((index) => !choices[index]!.views.includes(view));

/** The index of the default among the choices. */
function defaultChoice(): number {
  const { views, rank, ramp } = defaultNovelty;
  const isDefault = (one: (typeof choices)[number]) =>
    one.rank === rank &&
    one.ramp === ramp &&
    one.echo === 144 &&
    one.views.length === views.length &&
    views.every((view) => one.views.includes(view));
  const index = choices.findIndex(isDefault);
  if (index < 0) throw new RangeError('the default detector is not among the choices');
  return index;
}

const nameOf = ({ views, rank, ramp, echo }: (typeof choices)[number]) =>
  `${views.join('+')}, rank ${rank}, ramp ${ramp}, echo ${echo}`;

function groundOf(series: readonly Labelled[]): Ground {
  const gains = gainsOfAll(series.map(prepare), choices);
  return { gains, windows: series.reduce((sum, { windows }) => sum + windows.length, 0), weight: 1 };
}

/**
 * The nested figures of labelled series: configuration and threshold of each series are chosen without it.
 * @returns a table of what may be chosen, one of the folds, and one of choices made on a set and tried on another
 */
export function nestedTables(series: readonly Labelled[]): { ablation: Rows; folds: Rows; transfer: Rows } {
  const labelled = groundOf(series);
  const first = groundOf(generate(familySets.first, SEEDS));
  const second = groundOf(generate(familySets.second, SEEDS));
  const windows = series.map((one) => one.windows.length);
  const run = (allowed: readonly number[], others: readonly Ground[]) =>
    nested(windows, labelled.gains, others, allowed);
  const row = (name: string, allowed: readonly number[]) => [
    name,
    `${allowed.length}`,
    run(allowed, [first, second]).score.toFixed(1),
    run(allowed, []).score.toFixed(1),
  ];
  const whole = run(every, [first, second]);
  const ablation = [
    ['may be chosen', 'configurations', 'nested, generated sets help to choose', 'nested, the other series alone'],
    row('everything', every),
    ...optionalViews.map((view) => row(`without the view ${view}`, without(view))),
    row(
      'the value alone',
      every.filter((index) => choices[index]!.views.length === 1),
    ),
    row(
      'without folding echoes',
      every.filter((index) => choices[index]!.echo === 0),
    ),
    row(
      'without the ramp',
      every.filter((index) => choices[index]!.ramp === 0),
    ),
    row(
      'nearest neighbour only',
      every.filter((index) => choices[index]!.rank === 1),
    ),
    row('the default, threshold nested', [defaultChoice()]),
  ];
  return { ablation, folds: foldRows(series, whole.folds), transfer: transferRows() };

  function transferRows(): Rows {
    const grounds = { 'labelled series': labelled, 'first generated set': first, 'second generated set': second };
    const rows = Object.entries(grounds).map(([target, ground]) => {
      const others = Object.values(grounds).filter((one) => one !== ground);
      const pick = best(others, every);
      return [
        target,
        nameOf(choices[pick.choice]!),
        `${thresholds[pick.threshold]}`,
        scoreAtPick(ground, pick).toFixed(1),
      ];
    });
    return [['scored', 'chosen on the two others', 'threshold', 'NAB'], ...rows];
  }
}

function foldRows(series: readonly Labelled[], folds: ReturnType<typeof nested>['folds']): Rows {
  return [
    ['series left out', 'chosen', 'threshold', 'gain of'],
    ...folds.map(({ choice, threshold, gain }, i) => [
      series[i]!.name,
      nameOf(choices[choice]!),
      `${thresholds[threshold]}`,
      `${gain.toFixed(2)} of ${2 * series[i]!.windows.length}`,
    ]),
  ];
}
