import { formatValue } from '../anomaly/metrics';
import { plain } from '../notice/message';
import { tellChangeBefore } from './change-before';
import { readable, type Spread } from './figures';
import type { Review } from './review';

const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);
const spread = ({ median, p95, count }: Spread) => `median ${readable(median)}, p95 ${readable(p95)} (${count})`;

/** The maximum number of lines in a list; the page has the rest. */
const shown = 5;

/** The summary for a chat or a ticket: short, the page has the rest. */
export function toMarkdown(review: Review): string {
  const { figures } = review;
  const outcomes = Object.entries(figures.byOutcome).map(([outcome, count]) => `${count} ${outcome.toLowerCase()}`);
  return [
    `**Review of ${review.stage}, ${review.from.slice(0, 10)} to ${review.until.slice(0, 10)}**`,
    '',
    `${figures.incidents} incidents (${outcomes.join(', ') || 'none'}), ${figures.acted} with an action, ${review.suspicions} suspicions from patrols.`,
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
      review.noisyAlarms.map((one) => `${plain(one.alarmName)}: ${one.needless} of ${one.incidents} needed no action`),
    ),
    ...list(
      'Wrong vetoes',
      review.wrongVetoes.map((one) => `${plain(one.instanceId)}: vetoed ${one.vetoedAt}, in trouble ${one.followedAt}`),
    ),
    ...list(
      'Proposed thresholds (not applied automatically)',
      review.proposals.map(
        ({ alarmName, metric, current, proposed, troubles }) =>
          `${plain(alarmName)}: ${formatValue(current.threshold, metric)} → ${formatValue(proposed.threshold, metric)}; ` +
          `needless alarms ${current.needless} → ${proposed.needless}, real problems detected ${proposed.troublesSeen} of ${troubles}`,
      ),
    ),
  ].join('\n');
}

/** Where incidents of other accounts are among them: whose, and what is not known of those accounts. */
function accounts(others: Review['otherAccounts']): string[] {
  if (!others) return [];
  const each = Object.entries(others).map(([account, count]) => `${count} of account ${account}`);
  return [
    `- Of other accounts: ${each.join(', ')}. Their metrics are not read, so no threshold is proposed for their alarms.`,
  ];
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > shown ? [`- and ${lines.length - shown} more`] : [];
  return ['', `**${title}**`, ...lines.slice(0, shown).map((line) => `- ${line}`), ...more];
}
