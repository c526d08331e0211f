import { formatValue } from '../../../functions/anomaly/metrics';
import { tellChangeBefore } from '../../../functions/review/change-before';
import { readable } from '../../../functions/review/figures';
import { alarmIn } from '../../../functions/review/record';
import type { Review } from '../../../functions/review/review';
import { type Html, html } from '../html';
import { dataTable } from '../table';
import { plural } from '../words';

/** What the review of a long drill found, in short: its own page has the rest. */
export function reviewSection({ figures, repeatOffenders, noisyAlarms, proposals, suspicions }: Review): Html {
  const rows = [
    ...repeatOffenders.map((one) => [
      'Repeat offender',
      one.instanceId,
      `${plural(one.incidentIds.length, 'incident')}, ${one.notHelped} not resolved: find the cause${tellChangeBefore(one.changeBefore, one.incidentIds.length)}`,
    ]),
    ...noisyAlarms.map((one) => [
      'Noisy alarm',
      alarmIn(one),
      `${one.needless} of ${plural(one.incidents, 'incident')} needed no action`,
    ]),
    ...proposals.map((one) => {
      const { metric, current, proposed } = one;
      const change = `${formatValue(current.threshold, metric)} → ${formatValue(proposed.threshold, metric)}`;
      return [
        'Proposed threshold',
        alarmIn(one),
        `${change}: needless alarms ${current.needless} → ${proposed.needless}`,
      ];
    }),
  ];
  const { incidents, acted, timeToRecover } = figures;
  return html`<section class="card"><h2>The review</h2>
<p class="story">${plural(incidents, 'incident')}, ${acted} with an action, ${plural(suspicions, 'suspicion')}; median time to recover ${readable(timeToRecover.median)}. Nothing is applied automatically.</p>
${rows.length > 0 && dataTable('Findings of the review', ['Finding', ['Where', 'mono'], 'What'], rows)}</section>`;
}
