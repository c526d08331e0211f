import { plural, type Tone, toneOf } from '../report/words';
import { leadsOf } from '../scenario/leads';
import type { DrillResult, Incident } from '../scenario/result';
import type { Scenario } from '../scenario/schema';
import type { HistoryEvent } from '../stack/history';
import { duration } from './duration';
import { figuresLine, manyExecutions, outcomeLines } from './figures';
import type { Colour, Paint } from './paint';
import { type StoryLine, tellStory } from './story';

const colourOf: Record<Tone, Colour> = { good: 'green', info: 'cyan', warn: 'yellow', bad: 'red' };

/** Formats times of a drill, with the date if it lasted longer than a day. */
const clockFor = ({ startedAt, endedAt }: Pick<DrillResult, 'startedAt' | 'endedAt'>) => {
  const isLong = new Date(startedAt).getUTCDate() !== new Date(endedAt).getUTCDate();
  return (at: number | string) =>
    new Date(at)
      .toISOString()
      .slice(isLong ? 0 : 11, 19)
      .replace('T', ' ');
};
const clock = clockFor({ startedAt: 0, endedAt: 0 });

/** The introduction of a drill, before it starts. */
export function headLines(
  { name, story, mode, stage }: Pick<Scenario, 'name' | 'story' | 'mode' | 'stage'>,
  paint: Paint,
): string[] {
  return [paint('bold', name), story, paint('dim', `stage ${stage}, mode ${mode}; times are simulated, UTC`), ''];
}

/** One line per event; undefined for events without one. */
export function progressLine(event: HistoryEvent, paint: Paint): string | undefined {
  if (event.type === 'StateEntered') return `${paint('dim', clock(event.at))}  ${event.state}`;
  if (event.type === 'StateFailed')
    return `${paint('dim', clock(event.at))}  ${paint('red', `✗ ${event.state}: ${event.error}`)}`;
  if (event.type === 'StateRetried')
    return `${paint('dim', clock(event.at))}  ${paint('yellow', `↻ ${event.state}, try ${event.attempt + 1}`)}`;
  return undefined;
}

/** The finished drill: alarms, each execution's timeline, incidents, and whether it met its expectations. */
export function resultLines(result: DrillResult, paint: Paint): string[] {
  const at = clockFor(result);
  if (result.executions.length > manyExecutions) {
    return [
      ...outcomeLines(result),
      ...leadLines(result, at, paint),
      '',
      figuresLine(result),
      ...verdictLines(result, paint),
    ];
  }
  return [
    ...alarmLines(result, at, paint),
    ...result.executions.flatMap((execution) => [
      '',
      paint('bold', `Timeline of ${execution.machine.split(':').at(-1)} (${execution.status})`),
      ...tellStory(execution, result.ledger).flatMap((line) => storyLines(line, at, paint)),
    ]),
    ...result.incidents.flatMap((incident) => incidentLines(incident, at, paint)),
    ...leadLines(result, at, paint),
    '',
    figuresLine(result),
    ...verdictLines(result, paint),
  ];
}

type Clock = ReturnType<typeof clockFor>;

function alarmLines({ alarms, startedAt }: DrillResult, clock: Clock, paint: Paint): string[] {
  const seen = alarms.filter(({ at, state }) => state === 'ALARM' || at > startedAt + 60_000);
  if (seen.length === 0) return ['No alarm fired.'];
  return [
    paint('bold', 'Alarms'),
    ...seen.map(
      ({ at, alarmName, state }) => `${clock(at)}  ${paint(state === 'ALARM' ? 'red' : 'green', state)}  ${alarmName}`,
    ),
  ];
}

function storyLines({ at, state, visits, until, changes, failed }: StoryLine, clock: Clock, paint: Paint): string[] {
  const loop = visits > 1 ? paint('dim', ` × ${visits}, ${duration(until - at)}`) : '';
  const mark = failed ? paint('red', ` ✗ ${failed}`) : '';
  return [`${clock(at)}  ${state}${loop}${mark}`, ...changes.map((change) => paint('cyan', `          → ${change}`))];
}

function leadLines({ incidents, alarms }: DrillResult, clock: Clock, paint: Paint): string[] {
  const leads = leadsOf(incidents, alarms);
  if (leads.length === 0) return [];
  const ahead = (minutes: number | undefined) =>
    minutes === undefined ? 'no alarm followed' : `${duration(minutes * 60_000)} before its alarm`;
  return [
    '',
    paint('bold', 'Reported by patrols'),
    ...leads.map(
      ({ instanceId, toldAt, leadMinutes, reason }) =>
        `${clock(toldAt)}  ${instanceId}, ${ahead(leadMinutes)}: ${reason}`,
    ),
  ];
}

function incidentLines(incident: Incident, clock: Clock, paint: Paint): string[] {
  const { incidentId, outcome, status, reason, alarmName, instanceId, timeline } = incident;
  return [
    '',
    paint('bold', `Incident ${incidentId}`),
    `${paint(colourOf[toneOf(outcome ?? status)], outcome ?? status)}  ${reason ?? ''}`,
    paint('dim', [alarmName, instanceId].filter(Boolean).join(' on ')),
    ...timeline.map(({ at, what }) => `${clock(at)}  ${what}`),
  ];
}

function verdictLines({ checks, ok }: DrillResult, paint: Paint): string[] {
  const wrong = checks.filter((check) => !check.ok);
  if (ok) return [paint('green', `✔ As expected (${plural(checks.length, 'check')}).`)];
  return [
    paint('red', `✗ Not as expected: ${wrong.length} of ${plural(checks.length, 'check')} failed.`),
    ...wrong.map(({ what, expected, actual }) => `  ${what}: expected ${expected}, got ${actual}`),
  ];
}
