import { joinStorm, suspicionStorm } from '../guard/storm';
import { sendNoticeOf } from '../notice/notify';
import { here } from '../place/here';
import { currentStay } from '../place/in-place';
import type { Code } from '../record/codes';
import type { Refusal } from '../record/conclusion';
import { newIncident } from '../record/new-incident';
import { closeRecord, openRecord, writeEntry } from '../record/store';
import { updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import type { StepTools } from '../shared/step';
import { suspicionKeyOf } from './suspicion-key';

/** A finding of a patrol to report. */
export interface Told {
  /** The subject: an instance ID or an alarm name. Each is reported once within the quiet hours. */
  subject: string;
  instanceId?: string;
  code: Code;
  reason: string;
  notes: string[];
}

/**
 * Opens an incident that only notifies, and closes it as SUSPECTED, unless the subject was reported within the quiet
 * hours. Of many at once, only the first get their own notice; one notice covers the others.
 * Safe to run again within one execution.
 * @returns the incident's ID; undefined if it has already been reported
 */
export async function tell(
  { subject, instanceId, code, reason, notes }: Told,
  executionId: string,
  quietHours: number,
  { clock, config }: StepTools,
): Promise<string | undefined> {
  const now = clock.now();
  const place = currentStay()?.place;
  const ofSubject = { ...(instanceId ? { instanceId } : {}), ...(place ? { place } : {}) };
  const begun = { executionId, playbook: 'patrol-fleet', trigger: 'schedule' as const, ...ofSubject };
  const incident = newIncident(`suspected#${executionId}#${here(subject)}`, begun, now, config);
  const { incidentId } = incident;
  if (!(await breakSilence(subject, incidentId, quietHours, now, config))) return undefined;
  await openRecord(incident, now, config);
  await writeEntry(incidentId, { key: 'suspected', at: now.toISOString(), what: reason }, config);
  const parentId = await joinStorm(incident, now, config, suspicionStorm);
  const told: Refusal = parentId
    ? { code: 'storm', reason: `${reason} One of many suspicions; see incident ${parentId}.` }
    : { code, reason };
  const extra = { notes, ...(instanceId ? {} : { target: subject }) };
  await closeRecord(incident, { outcome: 'SUSPECTED', ...told }, extra, now, config);
  await sendNoticeOf(parentId ?? incidentId, now, config);
  return incidentId;
}

/** One conditional write decides who may report; the same incident may continue. */
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
      Key: suspicionKeyOf(subject),
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
