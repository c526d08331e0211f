import { inPlace, stayOf } from '../place/in-place';
import type { Code } from '../record/codes';
import type { CommandFacts } from '../record/commands';
import { readRecord } from '../record/read-record';
import { markNoticeSent, readTimeline } from '../record/store';
import type { Config } from '../shared/config';
import type { Advice } from './advice';
import { instanceName } from './instance-name';
import { buildNotice, isElsewhere } from './notice';
import { publish } from './publish';

/**
 * Sends the notice of a closed record, if one is due, and marks it as sent.
 * @param adviceOf what a person should do at the record's code; by default the line of its outcome
 * @returns false if none is due: it has been sent, or another incident's notice covers it
 */
export async function sendNoticeOf(
  incidentId: string,
  now: Date,
  config: Config,
  adviceOf?: (code: Code | undefined, facts: CommandFacts) => Advice,
): Promise<boolean> {
  const record = await readRecord(incidentId, config);
  if (record.noticeState !== 'PENDING') return false;
  const timeline = await readTimeline(incidentId, config);
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const facts = { ...record, timeline, stage: config.STAGE, region };
  const advice = adviceOf?.(record.code, facts);
  // What is gone has no name any more, and is not asked for.
  const name =
    isElsewhere(record.code) || record.outcome === 'GONE'
      ? undefined
      : await inPlace(stayOf({ incident: record }), () => instanceName(record.instanceId));
  await publish(buildNotice({ ...facts, advice, instanceName: name }), config);
  await markNoticeSent(incidentId, now, config);
  return true;
}
