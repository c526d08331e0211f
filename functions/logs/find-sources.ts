import { readBlockSettings } from '../containment/settings';
import { step } from '../incident/ending-step';
import { newIncidentSchema } from '../record/incident';
import { writeEntry } from '../record/store';
import { fromAws } from '../shared/aws-errors';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';
import { readQuery, startQuery, stopQuery } from './query';
import { mostRows, type Search, searchOf } from './searches';
import { readLogSettings } from './settings';
import { type Field, sourcesIn, tellSources } from './sources';
import { windowOf } from './window';

const input = z.object({
  incident: z.extend(newIncidentSchema, {
    block: z.optional(z.looseObject({ queryId: z.optional(z.string()), wait: z.optional(waitSchema) })),
  }),
});
type Incident = z.output<typeof input>['incident'];

/** A search that takes longer is given up, and so is a service that does not answer for so long. */
const patienceSeconds = 240;

/**
 * Finds the addresses behind an alarm in the log that it counts: a query over the alarm's window, started by the first call
 * and read by the next ones. Logs that cannot be searched are told and hold nothing up: nothing is blocked then.
 */
export const handler = step('find-sources', input, async ({ incident }, { clock, config }) => {
  const now = clock.now();
  const search = searchOf(incident.alarm?.metricNames ?? [], readLogSettings());
  if (!search) return unknown('the alarm watches no metric whose sources can be found');
  if (!search.logGroup) return unknown(`this stage names no log group for ${search.log}`);
  const { queryId, wait: previous } = incident.block ?? {};
  const { wait, waited } = lookAgain(previous, now);
  const again = (id: string | undefined) => ({
    verdict: 'WAIT' as const,
    waitSeconds: wait.waitSeconds,
    wait,
    ...(id ? { queryId: id } : {}),
  });
  try {
    if (!queryId) return again(await startQuery(search, windowOf(incident.alarm!, now)));
    const result = await readQuery(queryId);
    if (result.status === 'complete') return await judge(result.rows, search, incident, { clock, config });
    if (result.status === 'failed') return unknown(`${search.log} could not be searched: ${result.why}`);
    if (waited < patienceSeconds) return again(queryId);
    await stopQuery(queryId);
    return unknown(`${search.log} could not be searched within ${patienceSeconds} seconds`);
  } catch (error) {
    const { name, message } = fromAws(error);
    const passes =
      name === 'ThrottledError' || name === 'ServiceUnavailableError' || message.startsWith('LimitExceeded');
    if (passes && waited < patienceSeconds) return again(queryId);
    return unknown(`${search.log} could not be searched (${message})`);
  }
});

function unknown(why: string) {
  const reason = `The sources of the alarm are not known: ${why}. Nothing is blocked.`;
  return {
    verdict: 'UNKNOWN' as const,
    conclusion: { outcome: 'ESCALATED' as const, code: 'sources-unknown' as const, reason },
  };
}

type Tools = Pick<Parameters<Parameters<typeof step>[2]>[1], 'clock' | 'config'>;

async function judge(rows: Field[][], search: Search, incident: Incident, { clock, config }: Tools) {
  const { counted, least, log } = search;
  const all = sourcesIn(rows, counted);
  const sources = all.filter(({ count }) => count >= least);
  const shown = tellSources(sources.length > 0 ? sources : all, counted);
  const { from, to } = windowOf(incident.alarm!, clock.now());
  const when = `from ${from.toISOString().slice(11, 16)} to ${to.toISOString().slice(11, 16)} UTC`;
  const [first, ...more] = sources.map(({ cidr, family }) => ({ cidr, family }));
  if (!first) {
    const most = all.length > 0 ? ` The most frequent: ${shown}.` : '';
    const reason = `No address is in ${log} ${when} with at least ${least} ${counted}.${most} Nothing is blocked.`;
    return { verdict: 'NONE', conclusion: { outcome: 'ESCALATED' as const, code: 'no-sources' as const, reason } };
  }
  const cut = rows.length >= mostRows ? ` (of the ${mostRows} most frequent)` : '';
  const told = `Sources in ${log} ${when}${cut}: ${shown}`;
  await writeEntry(incident.incidentId, { key: 'sources', at: clock.now().toISOString(), what: `${told}.` }, config);
  const minutes = readBlockSettings().BLOCK_MINUTES;
  return { verdict: 'FOUND', ...first, minutes, ...(more.length > 0 ? { more } : {}), sources: told };
}
