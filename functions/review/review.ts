import { type Figures, figuresOf } from './figures';
import {
  type NoisyAlarm,
  noisyAlarms,
  type RepeatOffender,
  repeatOffenders,
  type WrongVeto,
  wrongVetoes,
} from './patterns';
import { type ReviewRecord, wasTrouble } from './record';
import { type AlarmSeries, replay } from './replay';
import { type Proposal, propose } from './threshold';

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
  return {
    stage,
    from: from.toISOString(),
    until: until.toISOString(),
    figures: figuresOf(records, breachesOf(records, series)),
    suspicions: within.filter(({ outcome }) => outcome === 'SUSPECTED').length,
    repeatOffenders: repeatOffenders(records),
    noisyAlarms: noisy,
    wrongVetoes: wrongVetoes(records),
    proposals: noisy.flatMap(({ alarmName }) => {
      const found = series.find((one) => one.alarmName === alarmName);
      const troubles = records.filter((one) => one.alarmName === alarmName && wasTrouble(one));
      return found
        ? (propose(
            found,
            troubles.map(({ openedAt }) => Date.parse(openedAt)),
          ) ?? [])
        : [];
    }),
  };
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
