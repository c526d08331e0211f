import { clocksDifferMs } from '../alarm/confirm';
import { incidentIdOf } from '../record/incident-id';
import { openedBetween } from '../record/opened-between';
import { recordKey } from '../record/store';
import { atOnce } from '../shared/at-once';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import type { KnownIncident, StandingAlarm } from './sweep';

/** An event reaches its machine within this time, or its rule gives up. */
const takenUpWithinMs = 3_600_000;
/** Periods that are closer than this are read as one: a query of every shard costs more than a few records. */
const gapMs = 6 * 3_600_000;
const readsAtOnce = 10;

/**
 * The incidents of alarm transitions, by the alarm's ARN: an incident's ID follows from the alarm and the time of the
 * change. If CloudWatch's two timestamps differ, or the alarm has contributors, it is looked up among the incidents opened
 * at that time, for all alarms in one pass over the index.
 */
export async function incidentsOf(
  alarms: readonly StandingAlarm[],
  config: Config,
): Promise<Map<string, KnownIncident>> {
  const found = new Map<string, KnownIncident>();
  await atOnce(alarms, readsAtOnce, async ({ alarmArn, changedAt }) => {
    const known = await readItem(recordKey(incidentIdOf([alarmArn, changedAt].join('#'))), config);
    if (known) found.set(alarmArn, known as unknown as KnownIncident);
  });
  const others = alarms.filter(({ alarmArn }) => !found.has(alarmArn));
  const since = new Map(others.map(({ alarmArn, changedAt }) => [alarmArn, Date.parse(changedAt) - clocksDifferMs]));
  for (const [from, until] of periodsOf([...since.values()])) {
    for await (const record of openedBetween(config.TABLE_NAME, new Date(from), new Date(until))) {
      const { alarm, openedAt } = record as { alarm?: { alarmArn?: string; changedAt?: string }; openedAt: string };
      const earliest = since.get(alarm?.alarmArn ?? '');
      if (earliest === undefined || found.has(alarm!.alarmArn!)) continue;
      const isInTime = Date.parse(openedAt) <= earliest + clocksDifferMs + takenUpWithinMs;
      if (isInTime && Date.parse(alarm?.changedAt ?? '') >= earliest)
        found.set(alarm!.alarmArn!, record as unknown as KnownIncident);
    }
  }
  return found;
}

/** The periods to read for incidents that may begin from each of some times on, apart from each other. Pure. */
export function periodsOf(starts: readonly number[]): [from: number, until: number][] {
  const periods: [number, number][] = [];
  for (const from of [...starts].sort((a, b) => a - b)) {
    const until = from + clocksDifferMs + takenUpWithinMs;
    const last = periods.at(-1);
    if (last && from - last[1] <= gapMs) last[1] = until;
    else periods.push([from, until]);
  }
  return periods;
}
