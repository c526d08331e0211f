import type { Paint } from '../../drill/render/paint';
import { shown } from '../../drill/render/shown';
import { moment } from '../../drill/report/words';
import { isUnknown, type Known, type Status } from './read';

type Line = [what: string, said: string, isBad: boolean];

const at = (time: string) => moment(Date.parse(time));

/** A stage's status, one line each; what needs attention is red. Pure. */
export function statusLines(status: Status, paint: Paint): string[] {
  const { killSwitch, places, noticesDue, blocks } = status;
  const since = killSwitch.at === undefined ? '' : ` since ${at(killSwitch.at)}`;
  const lines: Line[] = [
    line('mode', status.mode, (mode) => [mode, false]),
    killSwitch.on
      ? ['kill switch', `on${since} (${killSwitch.by ?? 'unknown'}: ${killSwitch.reason ?? 'no reason given'})`, true]
      : ['kill switch', 'off', false],
    line('circuit breaker', status.breaker, ({ used, limit, minutes }) => {
      const isOpen = used >= limit;
      return [`${isOpen ? 'open' : 'closed'}: ${used} of ${limit} actions in ${minutes} minutes`, isOpen];
    }),
    line('storms', status.storms, (storms) => [storms.join(', ') || 'none', storms.length > 0]),
    [
      'starts fail in',
      places.map(({ place, until, why }) => `${place} until ${at(until)} (${why})`).join('; ') || 'no place',
      places.length > 0,
    ],
    ['notices due', noticesDue.join(', ') || 'none', noticesDue.length > 0],
    ['blocks', blocks.map(({ cidr, until }) => `${cidr} until ${at(until)}`).join(', ') || 'none', false],
    line('isolated', status.isolated, (all) => [
      all.map(({ instanceId, by }) => `${instanceId} (by ${by})`).join(', ') || 'none',
      false,
    ]),
    ...notReadOf(status),
    line('own alarms', status.alarms, (alarms) => [alarms.join(', ') || 'none in ALARM', alarms.length > 0]),
  ];
  const width = Math.max(...lines.map(([what]) => what.length));
  return [
    paint('bold', shown(`Stage ${status.stage} at ${at(status.at)}`)),
    ...lines.map(([what, said, isBad]) => {
      const words = shown(said);
      return `${what.padEnd(width)}  ${isBad ? paint('red', words) : words}`;
    }),
  ];
}

/** What `isolated` does not cover. */
const notReadOf = ({ notRead = [] }: Status): Line[] =>
  notRead.length > 0 ? [['not read', `which instances are isolated in ${notRead.join(', ')}`, false]] : [];

function line<T>(what: string, value: Known<T>, say: (value: T) => [said: string, isBad: boolean]): Line {
  return isUnknown(value) ? [what, `not known: ${value.unknown}`, true] : [what, ...say(value)];
}
