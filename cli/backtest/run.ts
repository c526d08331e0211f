import type { InstanceResult, SeriesSource, StageSettings } from '../../drill/backtest/model';
import { replayInstance } from '../../drill/backtest/replay';
import { addTo, noTotals, type Totals } from '../../drill/backtest/totals';
import { type FleetVerdict, fleetVerdict, type InstanceVerdict, verdictOf } from '../../drill/backtest/verdict';
import type { Band } from '../../drill/report/chart';

/** Plots are large: in a big fleet, only the instances with the most alarms are plotted. */
const mostDrawn = 24;

/** The result kept for an instance; plots only for those that are drawn. */
export type KeptResult = Omit<InstanceResult, 'plots'> & {
  plots?: InstanceResult['plots'];
  verdict: InstanceVerdict;
};

export interface BacktestResult {
  what: string;
  verdict: FleetVerdict;
  settings: StageSettings;
  totals: Totals;
  instances: KeptResult[];
  /** The number of instances; more than were replayed if the backtest was stopped early. */
  expected: number;
}

export interface BacktestOptions {
  labels?: ReadonlyMap<string, Band[]>;
  onProgress?: (done: number, of: number) => void;
  /** Checked after each instance: true stops the backtest and keeps the results so far. */
  isStopped?: () => boolean;
}

/** Replays instance after instance; memory holds one series at a time and a few plots. */
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
    instances.push({ ...result, verdict: verdictOf(result) });
    dropPlots(instances);
    onProgress?.(instances.length, source.count);
    // Signals are delivered only between turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    if (isStopped()) break;
  }
  const { restarts, trueRestarts } = totals.labelled;
  const verdict = fleetVerdict(
    instances.map((one) => one.verdict),
    totals.labelled.instances > 0 ? { restarts, trueRestarts } : undefined,
  );
  return { what: source.what, verdict, settings, totals, instances, expected: source.count };
}

/** Keeps the plots of the instances with the most incidents; earlier instances win ties. */
function dropPlots(instances: readonly KeptResult[]): void {
  const drawn = instances.filter(({ plots }) => plots);
  if (drawn.length <= mostDrawn) return;
  const least = drawn.reduce((a, b) => (b.incidents.length <= a.incidents.length ? b : a));
  delete least.plots;
}
