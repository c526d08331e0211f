import { openedBetween } from '../record/opened-between';
import { upgradeRecord } from '../record/record-version';
import { parseWith } from '../shared/parse';
import { type ReviewRecord, reviewRecordSchema } from './record';

/** The closed incidents that were opened in a period. */
export async function readIncidents(tableName: string, from: Date, until: Date): Promise<ReviewRecord[]> {
  const found: ReviewRecord[] = [];
  for await (const item of openedBetween(tableName, from, until)) {
    if (item.status === 'CLOSED') found.push(parseWith(reviewRecordSchema, upgradeRecord(item), 'record'));
  }
  return found;
}
