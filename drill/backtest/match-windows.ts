import type { Band } from '../report/chart';
import type { BacktestIncident, FoundWindow } from './model';

/** Marks each incident as inside or outside a window, and each window with the time it was detected. */
export function matchWindows(
  labels: readonly Band[],
  incidents: readonly BacktestIncident[],
): { incidents: BacktestIncident[]; windows: FoundWindow[] } {
  const within = ({ from, to }: Band, { at }: BacktestIncident) => at >= from && at <= to;
  const windows = labels.map((one): FoundWindow => {
    const inside = incidents.filter((incident) => within(one, incident));
    const restart = inside.find(({ decision }) => decision === 'restart');
    return {
      ...one,
      ...(inside[0] ? { alarmAt: inside[0].at } : {}),
      ...(restart ? { restartAt: restart.at } : {}),
    };
  });
  return { windows, incidents: incidents.map((one) => ({ ...one, isTrue: labels.some((band) => within(band, one)) })) };
}
