import { emit } from '../record/metrics/emit';
import { fromAws } from '../shared/aws-errors';
import { pause } from '../shared/clock';
import { PlaybookError } from '../shared/errors';
import { logger } from '../shared/logger';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readQuery, startQuery, stopQuery } from './query';
import { searchOf } from './searches';
import { readLogSettings } from './settings';
import { type Field, sourcesIn } from './sources';

/** The query did not complete. */
export class SearchFailedError extends PlaybookError {}

/** It runs every ten minutes, and lines come up to sixteen minutes late. */
const windowMs = 26 * 60_000;
const betweenReadsMs = 2_000;
const mostReads = 20;

/**
 * Searches the flow logs for addresses that were rejected at many ports, which no metric filter counts, and reports their
 * number; an alarm on it starts block-traffic. A search that fails is reported too: no answer is not a good answer.
 */
export const handler = step('scan-ports', z.looseObject({}), async (_event, { clock, config }) => {
  const search = searchOf(['PortScanSources'], readLogSettings())!;
  const now = clock.now();
  try {
    const queryId = await startQuery(search, { from: new Date(now.getTime() - windowMs), to: now });
    const rows = await rowsOf(queryId);
    const sources = sourcesIn(rows, search.counted).filter(({ count }) => count >= search.least).length;
    emit(
      [
        { name: 'PortScanSources', value: sources },
        { name: 'LogSearchFailures', value: 0 },
      ],
      config.STAGE,
    );
    return { sources };
  } catch (error) {
    const { name, message } = fromAws(error);
    logger.error('flow logs not searched', { step: 'scan-ports', error: name, why: message });
    emit([{ name: 'LogSearchFailures', value: 1 }], config.STAGE);
    return { failed: name };
  }
});

/** @throws SearchFailedError when it fails or takes too long; the rows of one that still runs are only a part */
async function rowsOf(queryId: string): Promise<Field[][]> {
  for (let read = 0; read < mostReads; read += 1) {
    await pause(betweenReadsMs);
    const result = await readQuery(queryId);
    if (result.status === 'complete') return result.rows;
    if (result.status === 'failed') throw new SearchFailedError(result.why);
  }
  await stopQuery(queryId);
  throw new SearchFailedError(`The query took more than ${(mostReads * betweenReadsMs) / 1000} seconds.`);
}
