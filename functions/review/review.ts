import { type Figures, figuresOf } from './figures';
import { type NotRead, worthTelling } from './not-read';
import {
  type NoisyAlarm,
  noisyAlarms,
  type RepeatOffender,
  repeatOffenders,
  type WrongVeto,
  wrongVetoes,
} from './patterns';
import { alarmIn, alarmOf, type PlacedAlarm, type ReviewRecord, wasNeedless } from './record';
import { type AlarmSeries, replay } from './replay';
import { type Judged, type Proposal, propose, type Tried, tryThresholds } from './threshold';

/** The review of a period's incidents. Nothing in it is applied automatically. */
export interface Review {
  stage: string;
  /** ISO 8601, UTC. */
  from: string;
  until: string;
  figures: Figures;
  /** Incidents by account, of accounts other than the stage's own. */
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
  /** Alarms whose metrics are not known, by account and reason. */
  notRead?: NotRead[];
}

export interface ReviewWindow {
  stage: string;
  from: Date;
  until: Date;
}

/** Excludes drills, digests, and incidents that are part of a storm or joined another one: those count once. */
const counts = ({ drill, code }: ReviewRecord) => !drill && !['storm', 'joined', 'many-alike'].includes(code ?? '');

const areIncidents = (records: readonly ReviewRecord[]) =>
  records.filter((one) => counts(one) && one.outcome !== 'SUSPECTED');

/**
 * Reviews a period. Pure: the same records and series give the same review.
 * @param notKnown alarms whose series are not among them, with the reason
 */
export function review(
  all: readonly ReviewRecord[],
  series: readonly AlarmSeries[],
  { stage, from, until }: ReviewWindow,
  notKnown: readonly NotRead[] = [],
): Review {
  const within = all.filter(({ openedAt }) => openedAt >= from.toISOString() && openedAt < until.toISOString());
  const records = areIncidents(within);
  const noisy = noisyAlarms(records);
  const others = othersOf(records);
  const judged = within.filter(({ drill }) => !drill);
  const tried = series.flatMap((one) => tryThresholds(one, judgedOf(judged, one)) ?? []);
  const notRead = worthTelling(notKnown, noisy);
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
    proposals: noisy.flatMap((alarm) => {
      const found = tried.find((one) => alarmIn(one) === alarmIn(alarm));
      return (found && propose(found)) ?? [];
    }),
    ...(notRead.length > 0 ? { notRead } : {}),
  };
}

/** The key of an incident's alarm: its name alone would be that of another account's, too. */
const keyOf = (record: ReviewRecord): string | undefined => {
  const alarm = alarmOf(record);
  return alarm && alarmIn(alarm);
};

/** How many incidents each other account had; undefined where all are of the stage's own. */
function othersOf(records: readonly ReviewRecord[]): Record<string, number> | undefined {
  const counts: Record<string, number> = {};
  for (const { place } of records) if (place) counts[place.account] = (counts[place.account] ?? 0) + 1;
  return Object.keys(counts).length > 0 ? counts : undefined;
}

/** The incidents of an alarm, by whether they were needed. Anything not known to be needless may be trouble. */
function judgedOf(records: readonly ReviewRecord[], alarm: PlacedAlarm): Judged {
  const own = records.filter((one) => keyOf(one) === alarmIn(alarm));
  const openings = (some: readonly ReviewRecord[]) => some.map(({ openedAt }) => Date.parse(openedAt));
  return {
    needless: openings(own.filter(wasNeedless)),
    troubles: openings(own.filter((one) => !wasNeedless(one))),
  };
}

/**
 * The alarms whose metric a review reads: the noisy ones first, then those with the most incidents. Accounts take turns, so
 * that one with many keeps none of another's out.
 */
export function alarmsToRead(all: readonly ReviewRecord[]): PlacedAlarm[] {
  const records = areIncidents(all);
  const noisy = new Set(noisyAlarms(records).map(alarmIn));
  const found = new Map<string, { alarm: PlacedAlarm; key: string; incidents: number }>();
  for (const record of records) {
    const alarm = alarmOf(record);
    if (!alarm) continue;
    const key = alarmIn(alarm);
    found.set(key, { alarm, key, incidents: (found.get(key)?.incidents ?? 0) + 1 });
  }
  const isLoud = ({ key }: { key: string }) => Number(noisy.has(key));
  const turns = new Map<string, number>();
  return [...found.values()]
    .sort((a, b) => isLoud(b) - isLoud(a) || b.incidents - a.incidents || a.key.localeCompare(b.key))
    .map((one) => {
      const account = one.alarm.place?.account ?? '';
      const turn = (turns.get(account) ?? 0) + 1;
      turns.set(account, turn);
      return { ...one, turn };
    })
    .sort((a, b) => isLoud(b) - isLoud(a) || a.turn - b.turn)
    .map(({ alarm }) => alarm);
}

/** When each incident's metric first breached, if its series is known. */
function breachesOf(records: readonly ReviewRecord[], series: readonly AlarmSeries[]): Map<string, string> {
  const episodes = new Map(series.map((one) => [alarmIn(one), replay(one, one.threshold)]));
  const found = new Map<string, string>();
  for (const record of records) {
    const { incidentId, openedAt } = record;
    const at = Date.parse(openedAt);
    const episode = episodes.get(keyOf(record) ?? '')?.findLast(({ from, to }) => from <= at && at <= to + 3_600_000);
    if (episode) found.set(incidentId, new Date(episode.breachedAt).toISOString());
  }
  return found;
}
