import { formatValue } from '../anomaly/metrics';
import { plain } from '../notice/message';
import { plural } from '../shared/plural';
import { tellChangeBefore } from './change-before';
import { readable, type Spread } from './figures';
import { alarmIn } from './record';
import type { Review } from './review';
import { commandFor } from './take-over';
import type { Proposal } from './threshold';

const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);
const spread = ({ median, p95, count }: Spread) => `median ${readable(median)}, p95 ${readable(p95)} (${count})`;

/** The maximum number of lines in a list; the page has the rest. */
const shown = 5;
/** The alarms that a line about an account names. */
const namedAlarms = 2;

/** The summary for a chat or a ticket: short, the page has the rest. */
export function toMarkdown(review: Review): string {
  const { figures } = review;
  const outcomes = Object.entries(figures.byOutcome).map(([outcome, count]) => `${count} ${outcome.toLowerCase()}`);
  return [
    `**Review of ${review.stage}, ${review.from.slice(0, 10)} to ${review.until.slice(0, 10)}**`,
    '',
    `${figures.incidents} incidents${outcomes.length > 0 ? ` (${outcomes.join(', ')})` : ''}, ${figures.acted} with an action, ${review.suspicions} suspicions from patrols.`,
    `- Time to detect: ${spread(figures.timeToDetect)}`,
    `- Time to act: ${spread(figures.timeToAct)}`,
    `- Time to recover: ${spread(figures.timeToRecover)}`,
    `- Ineffective: ${percent(figures.ineffectiveRate)}, worse: ${percent(figures.worseRate)} of incidents with an action`,
    ...accounts(review.otherAccounts),
    ...list(
      'Repeat offenders: find the cause',
      review.repeatOffenders.map(
        (one) =>
          `${plain(one.instanceId)}: ${one.incidentIds.length} incidents, ${one.notHelped} not resolved${plain(tellChangeBefore(one.changeBefore, one.incidentIds.length))}`,
      ),
    ),
    ...list(
      'Noisy alarms',
      review.noisyAlarms.map((one) => `${plain(alarmIn(one))}: ${one.needless} of ${one.incidents} needed no action`),
    ),
    ...list(
      'Wrong vetoes',
      review.wrongVetoes.map((one) => `${plain(one.instanceId)}: vetoed ${one.vetoedAt}, in trouble ${one.followedAt}`),
    ),
    ...list(
      'Proposed thresholds (not applied automatically)',
      review.proposals.map((one) => proposal(one, review.stage)),
    ),
    ...list('No threshold is proposed for alarms whose metrics are not known', notRead(review)),
  ].join('\n');
}

/** Where incidents of other accounts are among them: whose, those with the most first. */
function accounts(others: Review['otherAccounts']): string[] {
  if (!others) return [];
  const byCount = Object.entries(others).sort(([a, of], [b, than]) => than - of || a.localeCompare(b));
  const each = byCount.slice(0, shown).map(([account, count]) => `${count} of account ${account}`);
  const rest = byCount.slice(shown);
  const more = rest.reduce((sum, [, count]) => sum + count, 0);
  return [
    `- Of other accounts: ${[...each, ...(more > 0 ? [`${more} of ${plural(rest.length, 'more account')}`] : [])].join(', ')}.`,
  ];
}

/** A proposal; of another account with the command, since the page is made with credentials of the stage's own. */
function proposal(one: Proposal, stage: string): string {
  const { metric, current, proposed, troubles, place } = one;
  const command = place && commandFor(one, stage);
  return (
    `${plain(alarmIn(one))}: ${formatValue(current.threshold, metric)} → ${formatValue(proposed.threshold, metric)}; ` +
    `needless alarms ${current.needless} → ${proposed.needless}, real problems detected ${proposed.troublesSeen} of ${troubles}` +
    (command ? `; to apply it, with credentials of that account: ${command}` : '')
  );
}

/** By account and reason, with as many names as fit; every account is named, however many there are. */
function notRead({ notRead: all = [] }: Review): string[] {
  const lines = all.map(({ place, alarmNames, why }) => {
    const names = alarmNames.slice(0, namedAlarms).map(plain).join(', ');
    const more = alarmNames.length > namedAlarms ? ` and ${alarmNames.length - namedAlarms} more` : '';
    const whose = place ? `account ${place.account}` : 'the stage’s own account';
    return `${whose}, ${plural(alarmNames.length, 'alarm')} (${names}${more}): ${plain(why)}`;
  });
  if (lines.length <= shown) return lines;
  const others = all.slice(shown - 1).map(({ place }) => place?.account ?? 'the stage’s own');
  return [...lines.slice(0, shown - 1), `and of accounts ${[...new Set(others)].join(', ')}`];
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > shown ? [`- and ${lines.length - shown} more`] : [];
  return ['', `**${title}**`, ...lines.slice(0, shown).map((line) => `- ${line}`), ...more];
}
