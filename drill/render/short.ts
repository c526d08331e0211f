import { type Tone, toneOf } from '../report/words';
import type { Incident } from '../scenario/incidents';
import type { AlarmTransition, DrillResult } from '../scenario/result';
import { type Beat, beatsOf } from './beats';
import type { Clock } from './clock';
import { figuresLine } from './figures';
import type { Colour, Paint } from './paint';
import { shown } from './shown';

const colourOf: Record<Tone, Colour> = { good: 'green', info: 'cyan', warn: 'yellow', bad: 'red' };
const marks: Record<Beat['kind'], [mark: string, colour: Colour]> = {
  passed: ['✔', 'green'],
  waited: ['⋯', 'dim'],
  changed: ['→', 'cyan'],
  failed: ['✗', 'red'],
  told: ['✉', 'dim'],
};

/** The alarms that changed their state, but for those that find themselves OK as the drill begins. */
export const alarmsSeen = ({ alarms, startedAt }: Pick<DrillResult, 'alarms' | 'startedAt'>): AlarmTransition[] =>
  alarms.filter(({ at, state }) => state === 'ALARM' || at > startedAt + 60_000);

export const alarmLine = ({ at, alarmName, state }: AlarmTransition, clock: Clock, paint: Paint): string =>
  `${clock(at)}  ${paint(state === 'ALARM' ? 'red' : 'green', state)}  ${shown(alarmName)}`;

/** How an incident ended, and why. */
export const endLine = ({ outcome, status, reason }: Incident, paint: Paint): string =>
  `${paint(colourOf[toneOf(outcome ?? status)], outcome ?? status)}  ${shown(reason ?? '')}`;

/** Which incident it was, of what, and of which other account. */
function subjectLine({ incidentId, alarmName, instanceId, place }: Incident): string {
  const account = place && `account ${place.account}`;
  return shown([incidentId, alarmName, instanceId, account].filter(Boolean).join(' · '));
}

/** One beat of a story, with its mark; of several executions, `whose` it is. */
export function beatLine({ at, kind, text }: Beat, clock: Clock, paint: Paint, whose = ''): string {
  const [mark, colour] = marks[kind];
  const isPlain = kind === 'passed' || kind === 'told';
  const told = isPlain ? shown(text) : paint(colour, shown(text));
  return `${paint('dim', clock(at))}  ${whose}${paint(colour, mark)} ${told}`;
}

/** The story of a drill: alarms and what the playbooks made of them, in the order of time, then how it all ended. Pure. */
export function storyOf(result: DrillResult, clock: Clock, paint: Paint): string[] {
  const seen = alarmsSeen(result).map((one) => ({ at: one.at, line: alarmLine(one, clock, paint) }));
  const several = result.executions.length > 1;
  const beats = result.executions.flatMap((execution, index) => {
    const machine = shown(execution.machine.split(':').at(-1)!);
    // Their lines stand between each other's.
    const whose = several ? paint('dim', `[${index + 1}] `) : '';
    const head = several
      ? [{ at: execution.startedAt, line: `${clock(execution.startedAt)}  ${whose}${paint('bold', machine)}` }]
      : [];
    return [
      ...head,
      ...beatsOf(execution, result.ledger).map((beat) => ({ at: beat.at, line: beatLine(beat, clock, paint, whose) })),
    ];
  });
  // Stable: an alarm stands before what it started.
  const lines = [...seen, ...beats].sort((a, b) => a.at - b.at).map(({ line }) => line);
  return [
    ...(lines.length > 0 ? lines : ['No alarm fired.']),
    '',
    ...result.incidents.flatMap((incident) => [endLine(incident, paint), paint('dim', subjectLine(incident))]),
    paint('dim', figuresLine(result)),
  ];
}
