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

/** The review of a period's incidents. Nothing in it is applied automatically. */
export interface Review {
  stage: string;
  /** ISO 8601, UTC. */
  from: string;
  until: string;
  figures: Figures;
  /** Incidents by account, of accounts other than the stage's own; their alarms' metrics are not read. */
  otherAccounts?: Record<string, number>;
  /** The reports of patrols, which are not incidents of a playbook. */
  suspicions: number;
  repeatOffenders: RepeatOffender[];
  noisyAlarms: NoisyAlarm[];
  wrongVetoes: WrongVeto[];
  /** The period's alarms with a known metric, replayed at other thresholds. */
  tried: Tried[];
  /** Of those, the thresholds that would have avoided the noise. */
  proposals: Proposal[];
}

export interface ReviewWindow {
  stage: string;
  from: Date;
  until: Date;
}

/** Excludes drills, digests, and incidents that are part of a storm or joined another one: those count once. */
const counts = ({ drill, code }: ReviewRecord) => !drill && !['storm', 'joined', 'many-alike'].includes(code ?? '');

/** Reviews a period. Pure: the same records and series give the same review. */
export function review(
  all: readonly ReviewRecord[],
  series: readonly AlarmSeries[],
  { stage, from, until }: ReviewWindow,
): Review {
  const within = all.filter(({ openedAt }) => openedAt >= from.toISOString() && openedAt < until.toISOString());
  const records = within.filter((one) => counts(one) && one.outcome !== 'SUSPECTED');
  const noisy = noisyAlarms(records);
  const others = othersOf(records);
  const judged = within.filter(({ drill }) => !drill);
  const tried = series.flatMap((one) => tryThresholds(one, judgedOf(judged, one.alarmName)) ?? []);
  return {
    stage,
    from: from.toISOString(),
    until: until.toISOString(),
    figures: figuresOf(records, breachesOf(records, series)),
    ...(others ? { otherAccounts: others } : {}),
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

/** Those of the stage's own account: the metrics of alarms elsewhere are not read, and names alike are other alarms. */
const ofOwn = (records: readonly ReviewRecord[]) => records.filter(({ place }) => place === undefined);

/** How many incidents each other account had; undefined where all are of the stage's own. */
function othersOf(records: readonly ReviewRecord[]): Record<string, number> | undefined {
  const counts: Record<string, number> = {};
  for (const { place } of records) if (place) counts[place.account] = (counts[place.account] ?? 0) + 1;
  return Object.keys(counts).length > 0 ? counts : undefined;
}

/** The incidents of an alarm, by whether they were needed. Anything not known to be needless may be trouble. */
function judgedOf(records: readonly ReviewRecord[], alarmName: string): Judged {
  const own = ofOwn(records).filter((one) => one.alarmName === alarmName);
  const openings = (some: readonly ReviewRecord[]) => some.map(({ openedAt }) => Date.parse(openedAt));
  return {
    needless: openings(own.filter(wasNeedless)),
    troubles: openings(own.filter((one) => !wasNeedless(one))),
  };
}

/** The alarms whose metric a review reads: the noisy ones first, then those with the most incidents. */
export function alarmsToRead(records: readonly ReviewRecord[], most: number): string[] {
  const own = ofOwn(records);
  const counts = new Map(noisyAlarms(own).map(({ alarmName, incidents }) => [alarmName, incidents + 1e6]));
  for (const { alarmName } of own) {
    if (alarmName) counts.set(alarmName, (counts.get(alarmName) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, left], [b, right]) => right - left || a.localeCompare(b))
    .slice(0, most)
    .map(([name]) => name);
}

/** When each incident's metric first breached, if its series is known. */
function breachesOf(records: readonly ReviewRecord[], series: readonly AlarmSeries[]): Map<string, string> {
  const episodes = new Map(series.map((one) => [one.alarmName, replay(one, one.threshold)]));
  const found = new Map<string, string>();
  for (const { incidentId, alarmName, openedAt } of ofOwn(records)) {
    const at = Date.parse(openedAt);
    const episode = episodes.get(alarmName ?? '')?.findLast(({ from, to }) => from <= at && at <= to + 3_600_000);
    if (episode) found.set(incidentId, new Date(episode.breachedAt).toISOString());
  }
  return found;
}
