import { diffArrays } from 'diff';
import type { Paint } from '../render/paint';
import { shown } from '../render/shown';
import { stepsOf } from '../report/steps';
import type { HistoryEvent } from '../stack/history';

/** One state in the comparison of two paths. */
export interface ComparedState {
  state: string;
  /** In both, only in the recorded path, or only in today's. */
  where: 'both' | 'recorded' | 'today';
}

/** A path without the rounds of its wait loops: their number is chance, not behaviour. */
export function foldedPath(history: readonly HistoryEvent[]): string[] {
  return stepsOf({ id: '', history })
    .filter(({ round }) => round === 1)
    .map(({ state, index }) => (index === undefined ? state : `${state} [${index}]`));
}

/** Compares the paths of two executions. Pure. */
export function comparePaths(recorded: readonly HistoryEvent[], today: readonly HistoryEvent[]): ComparedState[] {
  return diffArrays(foldedPath(recorded), foldedPath(today)).flatMap(({ value, added, removed }) =>
    value.map((state): ComparedState => ({ state, where: added ? 'today' : removed ? 'recorded' : 'both' })),
  );
}

export const isSame = (compared: readonly ComparedState[]) => compared.every(({ where }) => where === 'both');

/** A comparison for the terminal. */
export function comparisonLines(compared: readonly ComparedState[], paint: Paint): string[] {
  if (isSame(compared)) return [paint('green', '✔ Today’s code takes the same path.')];
  return [
    paint('yellow', 'Today’s code takes another path (- recorded, + today):'),
    ...compared.map(({ state: name, where }) => {
      const state = shown(name);
      if (where === 'recorded') return paint('red', `- ${state}`);
      return where === 'today' ? paint('green', `+ ${state}`) : `  ${state}`;
    }),
  ];
}
