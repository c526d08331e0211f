import type { Band } from '../report/chart';
import type { BacktestIncident, FoundWindow } from './model';

/** Marks each incident as inside or outside a window, and each window with the time it was detected. */
export function matchWindows(
  labels: readonly Band[],
  incidents: readonly BacktestIncident[],
): { incidents: BacktestIncident[]; windows: FoundWindow[] } {
  const within = ({ from, to }: Band, { at, decidedAt = at }: BacktestIncident) => decidedAt >= from && decidedAt <= to;
  const fires = ({ from, to }: Band, { at }: BacktestIncident) => at >= from && at <= to;
  const windows = labels.map((one): FoundWindow => {
    const alarm = incidents.find((incident) => fires(one, incident));
    const restart = incidents.find((incident) => incident.decision === 'restart' && within(one, incident));
    return {
      ...one,
      ...(alarm ? { alarmAt: alarm.at } : {}),
      ...(restart ? { restartAt: restart.decidedAt ?? restart.at } : {}),
    };
  });
  const isTrue = (one: BacktestIncident) =>
    labels.some((band) => (one.decision === 'restart' ? within(band, one) : fires(band, one)));
  return {
    windows,
    incidents: incidents.map((one) => ({
      ...one,
      isTrue: isTrue(one),
      isTrueAlarm: labels.some((band) => fires(band, one)),
    })),
  };
}
