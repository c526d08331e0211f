import { plural } from '../report/words';
import { generalChecks } from '../scenario/check';
import type { Incident } from '../scenario/incidents';
import { leadsOf } from '../scenario/leads';
import type { DrillResult } from '../scenario/result';
import type { Scenario } from '../scenario/schema';
import type { HistoryEvent } from '../stack/history';
import { type Clock, clockFor } from './clock';
import { duration } from './duration';
import { figuresLine, manyExecutions, outcomeLines } from './figures';
import type { Paint } from './paint';
import { alarmLine, alarmsSeen, endLine, storyOf } from './short';
import { shown } from './shown';
import { retriesOf, type StoryLine, tellStory } from './story';

const clock = clockFor({ startedAt: 0, endedAt: 0 });

/** The introduction of a drill, before it starts. */
export function headLines(
  { name, story, mode, stage }: Pick<Scenario, 'name' | 'story' | 'mode' | 'stage'>,
  paint: Paint,
): string[] {
  return [
    paint('bold', shown(name)),
    shown(story),
    paint('dim', `stage ${stage}, mode ${mode}; times are simulated, UTC`),
    '',
  ];
}

/** One line per event; undefined for events without one. */
export function progressLine(event: HistoryEvent, paint: Paint): string | undefined {
  if (!('state' in event)) return undefined;
  const time = paint('dim', clock(event.at));
  const state = shown(event.state);
  if (event.type === 'StateEntered') return `${time}  ${state}`;
  if (event.type === 'StateFailed') return `${time}  ${paint('red', `✗ ${state}: ${shown(event.error)}`)}`;
  if (event.type === 'StateRetried') return `${time}  ${paint('yellow', `↻ ${state}, try ${event.attempt + 1}`)}`;
  return undefined;
}

/**
 * The finished drill: its story or every state, the incidents, and whether it met its expectations.
 * @param isVerbose whether to show every state, and each incident's timeline
 */
export function resultLines(result: DrillResult, paint: Paint, isVerbose = true): string[] {
  const at = clockFor(result);
  if (result.executions.length <= manyExecutions && !isVerbose)
    return [...storyOf(result, at, paint), ...leadLines(result, at, paint), ...verdictLines(result, paint)];
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
      paint('bold', `Timeline of ${shown(execution.machine.split(':').at(-1)!)} (${execution.status})`),
      ...tellStory(execution, result.ledger).flatMap((line) => storyLines(line, at, paint)),
    ]),
    ...result.incidents.flatMap((incident) => incidentLines(incident, at, paint)),
    ...leadLines(result, at, paint),
    '',
    figuresLine(result),
    ...verdictLines(result, paint),
  ];
}

function alarmLines(result: DrillResult, clock: Clock, paint: Paint): string[] {
  const seen = alarmsSeen(result);
  if (seen.length === 0) return ['No alarm fired.'];
  return [paint('bold', 'Alarms'), ...seen.map((one) => alarmLine(one, clock, paint))];
}

function storyLines(line: StoryLine, clock: Clock, paint: Paint): string[] {
  const { at, state, visits, until, changes, failed } = line;
  const loop = visits > 1 ? paint('dim', ` × ${visits}, ${duration(until - at)}`) : '';
  const mark = failed ? paint('red', ` ✗ ${shown(failed)}`) : '';
  return [
    `${clock(at)}  ${shown(state)}${loop}${mark}${paint('dim', shown(retriesOf(line)))}`,
    ...changes.map((change) => paint('cyan', `          → ${shown(change)}`)),
  ];
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
        `${clock(toldAt)}  ${shown(instanceId)}, ${ahead(leadMinutes)}: ${shown(reason)}`,
    ),
  ];
}

function incidentLines(incident: Incident, clock: Clock, paint: Paint): string[] {
  const { incidentId, alarmName, instanceId, timeline } = incident;
  return [
    '',
    paint('bold', `Incident ${shown(incidentId)}`),
    endLine(incident, paint),
    paint('dim', shown([alarmName, instanceId].filter(Boolean).join(' on '))),
    ...timeline.map(({ at, what }) => `${clock(at)}  ${shown(what)}`),
  ];
}

function verdictLines({ checks, ok }: DrillResult, paint: Paint): string[] {
  const wrong = checks.filter((check) => !check.ok);
  if (!ok)
    return [
      paint('red', `✗ Not as expected: ${wrong.length} of ${plural(checks.length, 'check')} failed.`),
      ...wrong.map(({ what, expected, actual }) => shown(`  ${what}: expected ${expected}, got ${actual}`)),
    ];
  // A recorded series expects nothing: what came of it stands above, be it good or bad.
  if (checks.every(({ what }) => generalChecks.includes(what)))
    return ['No invariant of docs/guarantees.md was broken.'];
  return [paint('green', `✔ As expected (${plural(checks.length, 'check')}).`)];
}
