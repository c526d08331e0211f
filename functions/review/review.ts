import { type Figures, figuresOf } from './figures';
import {
  type NoisyAlarm,
  noisyAlarms,
  type RepeatOffender,
  repeatOffenders,
  type WrongVeto,
  wrongVetoes,
} from './patterns';
import { type ReviewRecord, wasNeedless } from './record';
import { type AlarmSeries, replay } from './replay';
import { type Judged, type Proposal, propose, type Tried, tryThresholds } from './threshold';

/** What came of a window's incidents. Nothing in it is applied by itself. */
export interface Review {
  stage: string;
  /** ISO 8601, UTC. */
  from: string;
  until: string;
  figures: Figures;
  /** What patrols told people; these are no incidents of a playbook. */
  suspicions: number;
  repeatOffenders: RepeatOffender[];
  noisyAlarms: NoisyAlarm[];
  wrongVetoes: WrongVeto[];
  /** The alarms of the window whose metric is at hand, over their own past at other thresholds. */
  tried: Tried[];
  /** Of those, what would have spared the noisy ones. */
  proposals: Proposal[];
}

export interface ReviewWindow {
  stage: string;
  from: Date;
  until: Date;
}

/** Drills are left out, and so are the children of storms and incidents that joined another: those are counted once. */
const counts = ({ drill, code }: ReviewRecord) => !drill && code !== 'storm' && code !== 'joined';

/** Looks back on a window. Pure: the same records and series give the same review. */
export function review(
  all: readonly ReviewRecord[],
  series: readonly AlarmSeries[],
  { stage, from, until }: ReviewWindow,
): Review {
  const within = all.filter(({ openedAt }) => openedAt >= from.toISOString() && openedAt < until.toISOString());
  const records = within.filter((one) => counts(one) && one.outcome !== 'SUSPECTED');
  const noisy = noisyAlarms(records);
  const judged = within.filter(({ drill }) => !drill);
  const tried = series.flatMap((one) => tryThresholds(one, judgedOf(judged, one.alarmName)) ?? []);
  return {
    stage,
    from: from.toISOString(),
    until: until.toISOString(),
    figures: figuresOf(records, breachesOf(records, series)),
    suspicions: within.filter(({ outcome }) => outcome === 'SUSPECTED').length,
    repeatOffenders: repeatOffenders(records),
    noisyAlarms: noisy,
    wrongVetoes: wrongVetoes(records),
    tried,
    proposals: noisy.flatMap(({ alarmName }) => {
      const found = tried.find((one) => one.alarmName === alarmName);
      return (found && propose(found)) ?? [];
    }),
  };
}

/** The incidents of an alarm by what is known of them. What is not known to be needless might be trouble. */
function judgedOf(records: readonly ReviewRecord[], alarmName: string): Judged {
  const own = records.filter((one) => one.alarmName === alarmName);
  const openings = (some: readonly ReviewRecord[]) => some.map(({ openedAt }) => Date.parse(openedAt));
  return {
    needless: openings(own.filter(wasNeedless)),
    troubles: openings(own.filter((one) => !wasNeedless(one))),
  };
}

/** The alarms of which a review wants the metric: the noisy ones first, then those with the most incidents. */
export function alarmsToRead(records: readonly ReviewRecord[], most: number): string[] {
  const counts = new Map(noisyAlarms(records).map(({ alarmName, incidents }) => [alarmName, incidents + 1e6]));
  for (const { alarmName } of records) {
    if (alarmName) counts.set(alarmName, (counts.get(alarmName) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, left], [b, right]) => right - left || a.localeCompare(b))
    .slice(0, most)
    .map(([name]) => name);
}

/** When the metric of each incident first breached, where its series is at hand. */
function breachesOf(records: readonly ReviewRecord[], series: readonly AlarmSeries[]): Map<string, string> {
  const episodes = new Map(series.map((one) => [one.alarmName, replay(one, one.threshold)]));
  const found = new Map<string, string>();
  for (const { incidentId, alarmName, openedAt } of records) {
    const at = Date.parse(openedAt);
    const episode = episodes.get(alarmName ?? '')?.findLast(({ from, to }) => from <= at && at <= to + 3_600_000);
    if (episode) found.set(incidentId, new Date(episode.breachedAt).toISOString());
  }
  return found;
}
