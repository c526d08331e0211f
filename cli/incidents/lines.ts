import type { Paint } from '../../drill/render/paint';
import { shown } from '../../drill/render/shown';
import { moment, type Tone, toneOf } from '../../drill/report/words';
import { adviceOf } from '../../functions/notice/advice';
import { asSentence, consoleLink } from '../../functions/notice/notice';
import type { Code } from '../../functions/record/codes';
import { isOutcome, outcomeTable } from '../../functions/record/outcomes';
import { accountOf, type Entry, type IncidentRecord, type IncidentWithTimeline } from './records';

const colours: Record<Tone, 'green' | 'cyan' | 'yellow' | 'red'> = {
  good: 'green',
  info: 'cyan',
  warn: 'yellow',
  bad: 'red',
};
const wordOf = ({ outcome, status }: IncidentRecord) => outcome ?? status;
const painted = (incident: IncidentRecord, paint: Paint, width = 0) =>
  paint(colours[toneOf(wordOf(incident))], shown(wordOf(incident)).padEnd(width));

/** One incident a line, with its reason below, and its account where they are of several. Pure. */
export function listLines(incidents: readonly IncidentRecord[], paint: Paint): string[] {
  const width = Math.max(0, ...incidents.map((one) => wordOf(one).length));
  const isOfSeveral = incidents.some(({ place }) => place !== undefined);
  return incidents.flatMap((one) => {
    const { openedAt, playbook, incidentId, instanceId, alarmName, reason, drill } = one;
    const account = isOfSeveral && accountOf(one);
    const about = [incidentId, playbook, instanceId ?? alarmName, account, drill && 'drill']
      .filter(Boolean)
      .join(' · ');
    return [
      `${moment(Date.parse(openedAt)).slice(0, 19)}  ${painted(one, paint, width)}  ${shown(about)}`,
      ...(reason === undefined ? [] : [paint('dim', `  ${shown(reason)}`)]),
    ];
  });
}

export const entryLine = ({ at, what }: Entry, paint: Paint): string =>
  `${paint('dim', moment(Date.parse(at)).slice(0, 19))}  ${shown(what)}`;

/** How one incident ended, what to do, and its timeline. Pure. */
export function incidentLines(one: IncidentWithTimeline, stage: string, paint: Paint): string[] {
  const { incidentId, playbook, outcome, code, reason, openedAt, closedAt, instanceId, alarmName, executionId } = one;
  const region = executionId.split(':')[3] ?? '';
  const isRed = outcome !== undefined && isOutcome(outcome) && outcomeTable[outcome].execution !== 'green';
  const advice = adviceOf(code as Code | undefined, { ...one, stage, region });
  const over = closedAt === undefined ? 'not over' : `closed ${moment(Date.parse(closedAt))}`;
  return [
    `${painted(one, paint)}  ${shown(reason ?? 'It is not over yet.')}`,
    paint(
      'dim',
      shown([incidentId, playbook, code, alarmName, instanceId, one.place?.account].filter(Boolean).join(' · ')),
    ),
    `Opened ${moment(Date.parse(openedAt))}, ${over}.`,
    ...(isRed ? ['', `Do this: ${asSentence(advice.todo ?? outcomeTable[outcome].todo)}`, `  ${advice.command}`] : []),
    '',
    ...(one.timeline.length > 0 ? [...one.timeline.map((entry) => entryLine(entry, paint)), ''] : []),
    ...(executionId.includes(':states:') ? [`Execution: ${consoleLink(executionId, region)}`] : []),
    ...(code === undefined ? [] : [`Guide: docs/codes.md#${shown(code)}`]),
  ];
}
