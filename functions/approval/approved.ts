import type { NewIncident } from '../record/incident';
import { readEntry, writeEntry } from '../record/store';
import { secondsBetween } from '../shared/clock';
import { parseWith } from '../shared/parse';
import type { StepTools } from '../shared/step';
import { type Approval, goodForSeconds, NotApprovedError } from './approval';
import { type ApprovedChange, covers } from './covers';
import { hashOf } from './plan';
import { readQuestion } from './store';
import { missing } from './tally';
import { leastNeeded, targetSchemas } from './targets';

type Asking = Pick<NewIncident, 'incidentId' | 'executionId' | 'playbook'>;

/**
 * Checked before every change that needs approval, whatever the state machine says: reads the saved answer, compares the
 * request with the upcoming change, and uses the approval for the execution that requested it.
 * @throws NotApprovedError
 */
export async function assertApproved(incident: Asking, change: ApprovedChange, tools: StepTools): Promise<void> {
  const { clock, config } = tools;
  const question = await readQuestion(incident.incidentId, change.subject, config);
  const reason = refuse(question, incident, change, clock.now());
  if (reason) throw new NotApprovedError(`Nobody has approved this change (${change.subject}): ${reason}.`);
  await spend(question!, incident, tools);
}

function refuse(
  question: Approval | undefined,
  { executionId, playbook }: Asking,
  change: ApprovedChange,
  now: Date,
): string | undefined {
  if (!question) return 'approval was not requested';
  const { status, answer, answeredAt, hash, subject } = question;
  if ((status !== 'ANSWERED' && status !== 'DELIVERING') || answer !== 'yes') return 'there is no yes';
  // Requests of earlier releases need one yes, and name who gave it.
  if (question.needed !== undefined && missing(question) > 0) return 'too few people have said yes';
  if (!answeredAt || !hash || question.executionId !== executionId || question.playbook !== playbook)
    return 'another execution requested it';
  const target = parseWith(targetSchemas[subject], question.target, 'approval.target');
  if (hash !== hashOf({ playbook, executionId, subject, target })) return 'the request has changed since';
  if ((question.needed ?? 1) < leastNeeded(subject, target)) return 'it takes the yes of two people';
  if (!covers(target, change)) return 'the approval is for something else';
  return secondsBetween(answeredAt, now) > goodForSeconds ? `the approval of ${answeredAt} has expired` : undefined;
}

/** An approval is used once, with a conditional write, by one execution, which may continue to use it. */
async function spend({ subject, questionId, hash }: Approval, incident: Asking, { clock, config }: StepTools) {
  const { incidentId, executionId } = incident;
  const key = `approval-used#${subject}`;
  const what = `Acting on the approval ${questionId} (${subject}).`;
  const before = { executionId, hash };
  if (await writeEntry(incidentId, { key, at: clock.now().toISOString(), what, before }, config)) return;
  const used = (await readEntry(incidentId, key, config))?.before;
  if (used?.executionId === executionId && used.hash === hash) return;
  throw new NotApprovedError(`Nobody has approved this change (${subject}): the approval has already been used.`);
}
