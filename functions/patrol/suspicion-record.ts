import { joinStorm, suspicionStorm } from '../guard/storm';
import { sendNoticeOf } from '../notice/notify';
import type { Code } from '../record/codes';
import type { Refusal } from '../record/conclusion';
import { newIncident } from '../record/new-incident';
import { closeRecord, openRecord, writeEntry } from '../record/store';
import { updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import type { StepTools } from '../shared/step';

/** What a patrol wants people to know. */
export interface Told {
  /** What it is about: an instance id or an alarm name. One suspicion each within the quiet hours. */
  subject: string;
  instanceId?: string;
  code: Code;
  reason: string;
  notes: string[];
}

/**
 * Opens an incident that only notifies, and closes it as SUSPECTED, unless the subject was told within the quiet hours.
 * Of many at once only the first are told one by one; one notice stands for the others.
 * Safe to run again within one execution.
 * @returns the incident's id; undefined when people were told already
 */
export async function tell(
  { subject, instanceId, code, reason, notes }: Told,
  executionId: string,
  quietHours: number,
  { clock, config }: StepTools,
): Promise<string | undefined> {
  const now = clock.now();
  const ofSubject = instanceId ? { instanceId } : {};
  const begun = { executionId, playbook: 'patrol-fleet', trigger: 'schedule' as const, ...ofSubject };
  const incident = newIncident(`suspected#${executionId}#${subject}`, begun, now, config);
  const { incidentId } = incident;
  if (!(await breakSilence(subject, incidentId, quietHours, now, config))) return undefined;
  await openRecord(incident, now, config);
  await writeEntry(incidentId, { key: 'suspected', at: now.toISOString(), what: reason }, config);
  const parentId = await joinStorm(incident, now, config, suspicionStorm);
  const told: Refusal = parentId
    ? { code: 'storm', reason: `${reason} It is one of many; incident ${parentId} stands for them.` }
    : { code, reason };
  const extra = { notes, ...(instanceId ? {} : { target: subject }) };
  await closeRecord(incident, { outcome: 'SUSPECTED', ...told }, extra, now, config);
  await sendNoticeOf(parentId ?? incidentId, now, config);
  return incidentId;
}

/** One conditional write decides who may tell; the same incident may go on with what it began. */
async function breakSilence(
  subject: string,
  incidentId: string,
  quietHours: number,
  now: Date,
  config: Config,
): Promise<boolean> {
  const quietSince = new Date(now.getTime() - quietHours * 3_600_000).toISOString();
  const told = await updateIf(
    {
      Key: { pk: `SUBJECT#${subject}`, sk: 'SUSPICION' },
      UpdateExpression: 'SET toldAt = :now, incidentId = :me, expiresAt = :expiry',
      ConditionExpression: 'attribute_not_exists(pk) OR toldAt < :quiet OR incidentId = :me',
      ExpressionAttributeValues: {
        ':now': now.toISOString(),
        ':me': incidentId,
        ':quiet': quietSince,
        ':expiry': Math.floor(now.getTime() / 1000) + Math.ceil(quietHours * 3_600) + 86_400,
      },
    },
    config,
  );
  return told !== undefined;
}
