import type { Band } from '../../drill/report/chart';
import type { InstanceResult, SeriesSource, StageSettings } from './model';
import { replayInstance } from './replay';
import { addTo, noTotals, type Totals } from './totals';

/** Plots are large: of a big fleet those instances are drawn for which most would have happened. */
const mostDrawn = 24;

/** What is kept of an instance once it is replayed; the plots only of those that are drawn. */
export type KeptResult = Omit<InstanceResult, 'plots'> & { plots?: InstanceResult['plots'] };

export interface BacktestResult {
  what: string;
  settings: StageSettings;
  totals: Totals;
  instances: KeptResult[];
  /** How many instances there are; more than were replayed when it was stopped before its end. */
  expected: number;
}

export interface BacktestOptions {
  labels?: ReadonlyMap<string, Band[]>;
  onProgress?: (done: number, of: number) => void;
  /** Asked after each instance: true ends the backtest there, with what it has. */
  isStopped?: () => boolean;
}

/** Replays instance after instance; memory holds one series at a time and the plots of a few. */
export async function backtest(
  source: SeriesSource,
  settings: StageSettings,
  { labels, onProgress, isStopped = () => false }: BacktestOptions = {},
): Promise<BacktestResult> {
  const totals = noTotals();
  const instances: KeptResult[] = [];
  for await (const instance of source.read()) {
    const result = replayInstance(instance, settings, labels?.get(instance.name) ?? (labels ? [] : undefined));
    addTo(totals, result);
    instances.push(result);
    dropPlots(instances);
    onProgress?.(instances.length, source.count);
    // A signal is only heard between two turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    if (isStopped()) break;
  }
  return { what: source.what, settings, totals, instances, expected: source.count };
}

/** Keeps the plots of the instances with most incidents, the earlier ones first among equals. */
function dropPlots(instances: readonly KeptResult[]): void {
  const drawn = instances.filter(({ plots }) => plots);
  if (drawn.length <= mostDrawn) return;
  const least = drawn.reduce((a, b) => (b.incidents.length <= a.incidents.length ? b : a));
  delete least.plots;
}
