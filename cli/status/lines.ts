import type { Paint } from '../../drill/render/paint';
import { shown } from '../../drill/render/shown';
import { moment } from '../../drill/report/words';
import { accountLines, oneAccount } from './account-lines';
import { at, breakerLine, failingLine, isolatedLine, type Line, line, stormsLine } from './line';
import type { Status } from './read';

/** A stage's status, one line each, or that of one of its accounts; what needs attention is red. Pure. */
export function statusLines(status: Status, paint: Paint): string[] {
  const { account } = status;
  const lines = [...ofStage(status), ...(account === undefined ? ofAll(status) : oneAccount(account, status))];
  const width = Math.max(...lines.map(([what]) => what.length));
  const whose = account === undefined ? '' : `, account ${account},`;
  return [
    paint('bold', shown(`Stage ${status.stage}${whose} at ${moment(Date.parse(status.at))}`)),
    ...lines.map(([what, said, isBad]) => {
      const words = shown(said);
      return `${what.padEnd(width)}  ${isBad ? paint('red', words) : words}`;
    }),
  ];
}

/** What is the same for every account of the stage. */
function ofStage({ mode, killSwitch }: Status): Line[] {
  const since = killSwitch.at === undefined ? '' : ` since ${at(killSwitch.at)}`;
  return [
    line('mode', mode, (word) => [word, false]),
    killSwitch.on
      ? ['kill switch', `on${since} (${killSwitch.by ?? 'unknown'}: ${killSwitch.reason ?? 'no reason given'})`, true]
      : ['kill switch', 'off', false],
  ];
}

function ofAll(status: Status): Line[] {
  const { noticesDue, blocks } = status;
  return [
    breakerLine(status.breaker),
    stormsLine(status.storms),
    failingLine(status.places),
    ['notices due', noticesDue.join(', ') || 'none', noticesDue.length > 0],
    ['blocks', blocks.map(({ cidr, until }) => `${cidr} until ${at(until)}`).join(', ') || 'none', false],
    isolatedLine(status.isolated),
    ...accountLines(status),
    line('own alarms', status.alarms, (alarms) => [alarms.join(', ') || 'none in ALARM', alarms.length > 0]),
  ];
}
